-- Grain: one area of one utredning or uppföljning and year, in a delivery in force: in its own edition, and for the old
-- edition mapped to the twelve as well. A mapped area has the highest of the old ones' 0-2, and 9 when all are 9. So
-- the twelve are there for every assessment, and an area stands once in each.
with bedomning as (
    select
        f.kommun_kod,
        f.stadsdel_kod,
        f.ar,
        'utredning' as bedomning_typ,
        f.utredning_id,
        cast(null as {{ dbt.type_string() }}) as insats_id,
        cast(null as integer) as uppfoljning_nr,
        f.person_id,
        f.id_typ_kod,
        f.kon_kod,
        f.fodelsear,
        {%- for omrade in bbic_omraden() %}
        s.behov_{{ omrade }},
        {%- endfor %}
        f.leverans_id
    from {{ ref('stg_bbic__sammanfattning') }} as s
    inner join {{ ref('_utredning_barn') }} as f on s.leverans_id = f.leverans_id and s.utredning_id = f.utredning_id
    union all
    select
        f.kommun_kod,
        f.stadsdel_kod,
        f.ar,
        'uppfoljning' as bedomning_typ,
        cast(null as {{ dbt.type_string() }}) as utredning_id,
        f.insats_id,
        f.uppfoljning_nr,
        f.person_id,
        f.id_typ_kod,
        f.kon_kod,
        f.fodelsear,
        {%- for omrade in bbic_omraden() %}
        s.behov_{{ omrade }}_nu as behov_{{ omrade }},
        {%- endfor %}
        f.leverans_id
    from {{ ref('stg_bbic__uppfoljning') }} as s
    inner join {{ ref('_uppfoljning_bbic') }} as f
        on s.leverans_id = f.leverans_id and s.insats_id = f.insats_id and s.uppfoljning_nr = f.uppfoljning_nr
),

egen as (
    select
        b.*,
        o.omrade_kod,
        case o.omrade_kod
            {%- for omrade in bbic_omraden() %}
            when '{{ omrade | upper }}' then b.behov_{{ omrade }}
            {%- endfor %}
        end as behov_kod
    from bedomning as b
    cross join {{ ref('dim_bbic_omrade') }} as o
),

{% set nyckel = [
    'kommun_kod', 'stadsdel_kod', 'ar', 'bedomning_typ', 'utredning_id', 'insats_id', 'uppfoljning_nr', 'person_id',
    'id_typ_kod', 'kon_kod', 'fodelsear', 'leverans_id'
] %}
bada as (
    select
        {{ nyckel | join(',\n        ') }},
        omrade_kod,
        false as ar_mappad,
        behov_kod
    from egen
    where behov_kod is not null
    union all
    select
        e.{{ nyckel | join(',\n        e.') }},
        m.omrade_kod,
        true as ar_mappad,
        coalesce(max(case when e.behov_kod <> '9' then e.behov_kod end), '9') as behov_kod
    from egen as e
    inner join {{ ref('bbic_omrade_mappning') }} as m on e.omrade_kod = m.gammalt_omrade_kod
    where e.behov_kod is not null
    group by e.{{ nyckel | join(', e.') }}, m.omrade_kod
)

select
    {{ nyckel[:-1] | join(',\n    ') }},
    omrade_kod,
    ar_mappad,
    behov_kod,
    leverans_id
from bada
