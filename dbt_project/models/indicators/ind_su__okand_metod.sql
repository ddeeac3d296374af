-- SU06. Grain: municipality x year, and by target group. Insatser of missbruk och beroende that went on some day of the
-- year, for persons of 18 years or more: those whose method is unknown.
with insats as (
    select *
    from {{ ref('_insatsperiod_missbruk') }}
    where ar - fodelsear >= 18
)

{{ andelsrader('insats', "metod_kod = 'okand'") }}
union all
{{ andelsrader('insats', "metod_kod = 'okand'", uppdelning='malgrupp', kod='malgrupp_kod') }}
