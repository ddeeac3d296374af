-- SU04. Grain: municipality x year, by class, target group and method. Ended local insatser that have been followed, by
-- what the latest uppföljning says of their goals; by target group and method those met wholly or partly. Every class
-- has the same denominator. Followed in the sense of the share beside is one whose goals were assessed.
with foljd as (
    select *
    from {{ ref('_insats_foljd') }}
    where uppfoljning_datum is not null
),

klassad as (
    {{ per_klass('foljd', ['helt', 'delvis', 'ej', 'ej_bedomd']) }}
)

{% set uppfyllt = "maluppfyllelse_kod in ('helt', 'delvis')" %}
{{ andelsrader('klassad', 'maluppfyllelse_kod = klass', uppdelning='maluppfyllelse', kod='klass') }}
union all
{{ andelsrader('foljd', uppfyllt, uppdelning='malgrupp', kod='malgrupp_kod') }}
union all
{{ andelsrader('foljd', uppfyllt, uppdelning='metod', kod='metod_kod') }}
union all
{{ andelsrader(ref('_insats_foljd'), "maluppfyllelse_kod <> 'ej_bedomd'", uppdelning='uppfoljning',
    kod="'uppfoljda'") }}
