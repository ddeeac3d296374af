-- MB14. Grain: municipality x year. Utredningar of misuse that ended during the year, of persons of 18 years or more
-- with children at home: those in which the need of the children has been seen.
with utredning as (
    select *
    from {{ ref('_utredning_missbruk') }}
    where
        {{ ar_for('utredning_slut_datum') }} = ar
        and {{ galler_eget_missbruk('malgrupp_kod') }}
        and ar - fodelsear >= 18
        and barn_under_18 = '1'
)

{{ andelsrader('utredning', "barn_uppmarksammat = '1'") }}
