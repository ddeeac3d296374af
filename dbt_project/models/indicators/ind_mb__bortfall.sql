-- MB08. Grain: municipality x year, and by reason. Of the cohort, those who can be followed: those without an
-- Uppföljning from three to eighteen months after Grund, and for what reason. The reasons add up to the whole.
with foljbar as (
    select *
    from {{ ref('_asi_kohort') }}
    where ar_foljbar
),

klassad as (
    {{ per_klass('foljbar', ['avbojt', 'ej_nadd', 'avliden', 'ej_forsokt', 'okant']) }}
)

{{ andelsrader('foljbar', 'uppfoljning_id is null') }}
union all
{{ andelsrader('klassad', 'skal_kod = klass', uppdelning='asi_bortfall', kod='klass') }}
