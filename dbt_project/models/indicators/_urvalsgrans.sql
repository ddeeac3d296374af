-- Grain: as _skyddscell, the rows that say what became of those who were followed up: between which bounds the share
-- lies among all who began, if none or every one of those not followed up was in the class. Of shown numbers alone:
-- the row's own numerator, and both parts of the row ej_uppfoljt of the same thing. Nothing where one is hidden.
{% set plats = [
    'indikator_id', 'version', 'geo_typ', 'geo_kod', 'period', 'kon_kod', 'aldersgrupp_kod', 'uppdelning'
] %}
with visad as (
    select
        {{ plats | join(', ') }},
        uppdelning_kod,
        cast(taljare as double) as taljare,
        cast(namnare as double) as namnare
    from {{ ref('_skyddscell') }}
    where varde is not null and taljare is not null
),

klass as (
    select
        *,
        case
            {%- for klass in ['minskad', 'drogfri', 'forbattrat', 'oforandrat', 'forsamrat'] %}
            when uppdelning_kod like '%{{ klass }}'
                then concat(
                    substring(uppdelning_kod, 1, length(uppdelning_kod) - {{ klass | length }}), 'ej_uppfoljt'
                )
            {%- endfor %}
        end as ej_uppfoljt_kod
    from visad
)

select
    k.{{ plats | join(',\n    k.') }},
    k.uppdelning_kod,
    least(1.0e0, k.taljare / e.namnare) as grans_nedre,
    least(1.0e0, (k.taljare + e.taljare) / e.namnare) as grans_ovre
from klass as k
inner join visad as e on {{ lika('k', 'e', plats) }} and k.ej_uppfoljt_kod = e.uppdelning_kod
