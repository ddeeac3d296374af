-- MB03. Grain: municipality x year x kön. Of the cohort (_asi_kohort), those who can be followed: those with an
-- Uppföljning from three to eighteen months after Grund.
with foljbar as (
    select *
    from {{ ref('_asi_kohort') }}
    where ar_foljbar
)

{{ andelsrader('foljbar', 'uppfoljning_id is not null', 'kon') }}
