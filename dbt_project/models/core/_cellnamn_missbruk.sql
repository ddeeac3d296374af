-- Grain: one code of a breakdown of missbruk och beroende, with its name. A code of several parts has the name of each.
with grupp as (
    select
        'metod' as del,
        metod_kod as kod,
        text
    from {{ ref('metod_missbruk') }}
    union all
    select
        'malgrupp' as del,
        malgrupp_kod as kod,
        text
    from {{ ref('malgrupp_missbruk') }}
    union all
    select
        e.del,
        e.kod,
        e.text
    from (
        values
        ('evidens', 'E2', 'evidensnivå 2 eller högre'),
        ('evidens', 'E1', 'evidensnivå 1, eller avråds'),
        ('evidens', 'E0', 'evidensnivån är okänd')
    ) as e (del, kod, text)
),

klass as (
    select
        'utfall' as slag,
        bortfall_kod as kod,
        text
    from {{ ref('asi_bortfall') }}
    union all
    select
        k.slag,
        k.kod,
        k.text
    from (
        values
        ('utfall', 'okant', 'okänt skäl'),
        ('utfall', 'uppfoljd', 'uppföljd'),
        ('utfall', 'ingen_grund', 'ingen Grund'),
        ('forandring', 'forbattrat', 'förbättrat'),
        ('forandring', 'oforandrat', 'oförändrat'),
        ('forandring', 'forsamrat', 'försämrat'),
        ('forandring', 'ej_uppfoljt', 'ej uppföljt'),
        ('oro', 'minskad', 'minskad oro'),
        ('oro', 'ej_uppfoljt', 'ej uppföljt'),
        ('drogfrihet', 'drogfri', 'fri från narkotika'),
        ('drogfrihet', 'ej_uppfoljt', 'ej uppföljt')
    ) as k (slag, kod, text)
)

select
    concat(g.del, '_utfall') as uppdelning,
    concat(g.kod, '_', k.kod) as uppdelning_kod,
    concat(g.text, ': ', k.text) as uppdelning_namn
from grupp as g
cross join klass as k
where k.slag = 'utfall'
union all
select
    concat(g.del, '_forandring') as uppdelning,
    concat(g.kod, '_', o.omrade_kod, '_', k.kod) as uppdelning_kod,
    concat(g.text, ', ', o.text, ': ', k.text) as uppdelning_namn
from grupp as g
cross join {{ ref('asi_omrade') }} as o
cross join klass as k
where k.slag = 'forandring'
union all
select
    'asi_oro' as uppdelning,
    concat(o.omrade_kod, '_', k.kod) as uppdelning_kod,
    concat(o.text, ': ', k.text) as uppdelning_namn
from {{ ref('asi_omrade') }} as o
cross join klass as k
where k.slag = 'oro'
union all
select
    'asi_omrade' as uppdelning,
    omrade_kod as uppdelning_kod,
    text as uppdelning_namn
from {{ ref('asi_omrade') }}
union all
select
    'drogfrihet' as uppdelning,
    kod as uppdelning_kod,
    text as uppdelning_namn
from klass
where slag = 'drogfrihet'
union all
select
    'asi_bortfall' as uppdelning,
    kod as uppdelning_kod,
    text as uppdelning_namn
from klass
where slag = 'utfall' and kod not in ('uppfoljd', 'ingen_grund')
union all
select
    'lvm_indikation' as uppdelning,
    lvm_indikation_kod as uppdelning_kod,
    text as uppdelning_namn
from {{ ref('lvm_indikation') }}
