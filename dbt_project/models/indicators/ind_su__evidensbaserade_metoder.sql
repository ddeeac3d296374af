-- SU05. Grain: municipality x year, and by target group. Insatser of missbruk och beroende that went on some day of the
-- year, for persons of 18 years or more, with a method whose level of evidence is known: those of level 2 or higher.
with insats as (
    select
        i.*,
        m.evidensniva
    from {{ ref('_insatsperiod_missbruk') }} as i
    inner join {{ ref('dim_metod') }} as m on i.metod_kod = m.metod_kod and m.evidensniva <> 0
    where i.ar - i.fodelsear >= 18
)

{{ andelsrader('insats', 'evidensniva >= 2') }}
union all
{{ andelsrader('insats', 'evidensniva >= 2', uppdelning='malgrupp', kod='malgrupp_kod') }}
