-- Grain: one code of one way to cut values (uppdelning): what it is called, from the code lists. A code put together of
-- a thing and what became of it is called by both.
with lista as (
    {%- for uppdelning, kod, modell in [
        ('inrikes_utrikes', 'fodd_utrikes_kod', ref('fodd_utrikes')),
        ('forsorjningshinder', 'forsorjningshindergrupp_kod', ref('forsorjningshindergrupp')),
        ('hushallstyp', 'hushallstyp_kod', ref('hushallstyp')),
        ('avslutsorsak', 'avslutsorsak_kod', ref('avslutsorsak')),
        ('placeringsform', 'placeringsform_kod', ref('dim_placeringsform')),
        ('aktualisering_typ', 'aktualisering_typ_kod', ref('aktualisering_typ')),
        ('anledning', 'anledning_kod', ref('anledning')),
        ('forlangd', 'ja_nej_kod', ref('ja_nej')),
        ('malgrupp', 'malgrupp_kod', ref('dim_malgrupp')),
        ('asi_omrade', 'omrade_kod', ref('dim_asi_omrade')),
        ('asi_bortfall', 'bortfall_kod', ref('asi_bortfall')),
        ('lvm_indikation', 'lvm_indikation_kod', ref('lvm_indikation')),
    ] %}
    select
        '{{ uppdelning }}' as uppdelning,
        {{ kod }} as kod,
        text
    from {{ modell }}
    union all
    {%- endfor %}
    select
        case lista when 'insatstyp_bu' then 'insatstyp' else lista end as uppdelning,
        insats_kod as kod,
        text
    from {{ ref('dim_insats') }}
    union all
    select
        'metod' as uppdelning,
        metod_kod as kod,
        text
    from {{ ref('dim_metod') }}
    where metod_typ = 'insats'
    union all
    select
        'bbic_omrade' as uppdelning,
        omrade_kod as kod,
        text
    from {{ ref('dim_bbic_omrade') }}
    where not ar_gammal_utgava
    union all
    select t.*
    from (
        values
        ('uppfoljning', 'uppfoljda', 'uppföljda'),
        ('maluppfyllelse', 'helt', 'helt'),
        ('maluppfyllelse', 'delvis', 'delvis'),
        ('maluppfyllelse', 'ej', 'inte alls'),
        ('maluppfyllelse', 'ej_bedomd', 'ej bedömd'),
        ('asi_bortfall', 'okant', 'okänt'),
        ('drogfrihet', 'drogfri', 'narkotikafri'),
        ('drogfrihet', 'ej_uppfoljt', 'ej uppföljt'),
        ('evidens', 'E2', 'evidensnivå 2 eller högre'),
        ('evidens', 'E1', 'evidensnivå 1, eller avråds'),
        ('evidens', 'E0', 'evidensnivå okänd'),
        ('oro', 'minskad', 'minskad oro'),
        ('oro', 'ej_uppfoljt', 'ej uppföljt'),
        ('forandring', 'forbattrat', 'förbättrat'),
        ('forandring', 'oforandrat', 'oförändrat'),
        ('forandring', 'forsamrat', 'försämrat'),
        ('forandring', 'ej_uppfoljt', 'ej uppföljt'),
        ('utfall', 'uppfoljd', 'uppföljd'),
        ('utfall', 'ingen_grund', 'ingen Grund')
    ) as t (uppdelning, kod, text)
),

skal as (
    select
        'utfall' as uppdelning,
        kod,
        text
    from lista
    where uppdelning in ('asi_bortfall', 'utfall')
),

sammansatt as (
    {%- for uppdelning, sak, klass in [
        ('bbic_forandring', 'bbic_omrade', 'forandring'),
        ('asi_oro', 'asi_omrade', 'oro'),
        ('asi_forandring', 'asi_omrade', 'forandring'),
        ('metod_utfall', 'metod', 'utfall'),
        ('malgrupp_utfall', 'malgrupp', 'utfall'),
        ('evidens_utfall', 'evidens', 'utfall'),
    ] %}
    select
        '{{ uppdelning }}' as uppdelning,
        concat(s.kod, '_', k.kod) as kod,
        concat(s.text, ': ', k.text) as text
    from lista as s
    inner join {{ 'skal' if klass == 'utfall' else 'lista' }} as k on k.uppdelning = '{{ klass }}'
    where s.uppdelning = '{{ sak }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    uppdelning,
    kod as uppdelning_kod,
    text as uppdelning_namn
from lista
union all
select
    uppdelning,
    kod as uppdelning_kod,
    text as uppdelning_namn
from sammansatt
{%- for sak in ['metod', 'malgrupp', 'evidens'] %}
union all
select
    '{{ sak }}_forandring' as uppdelning,
    concat(s.kod, '_', f.kod) as uppdelning_kod,
    concat(s.text, ', ', f.text) as uppdelning_namn
from lista as s
inner join sammansatt as f on f.uppdelning = 'asi_forandring'
where s.uppdelning = '{{ sak }}'
{%- endfor %}
