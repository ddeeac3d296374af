-- MB15. Grain: municipality x year x method, target group or class of evidence x what came of it. Persons and methods
-- (_metodkohort), those who can be followed: with an Uppföljning, without it and why, or without a Grund. The seven
-- have the same denominator.
with foljbar as (
    select *
    from {{ ref('_metodkohort') }}
    where ar_foljbar
),

klassad as (
    {{ per_klass(
        'foljbar', ['uppfoljd', 'avbojt', 'ej_nadd', 'avliden', 'ej_forsokt', 'okant', 'ingen_grund']
    ) }}
)

{{ andelsrader('klassad', 'klass_kod = klass', uppdelning='metod_utfall', kod="concat(metod_kod, '_', klass)") }}
union all
{{ andelsrader('klassad', 'klass_kod = klass', uppdelning='malgrupp_utfall', kod="concat(malgrupp_kod, '_', klass)") }}
union all
{{ andelsrader('klassad', 'klass_kod = klass', uppdelning='evidens_utfall',
    kod="concat(evidensklass_kod, '_', klass)") }}
