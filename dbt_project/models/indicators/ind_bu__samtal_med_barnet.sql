-- BU07. Grain: municipality x year x cell. Utredningar with at least one talk with the child, over those that ended
-- during the year and whose child is at least four years old. The youngest group is 4-6 here.
with utredning as (
    select *
    from {{ ref('_utredning_avslutad') }}
    where alder >= 4
)

{{ andelsrader('utredning', 'antal_barnsamtal >= 1', 'kon_alder') }}
