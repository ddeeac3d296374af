-- MB02. Grain: municipality x year x kön. Utredningar of misuse that started from 2 November the year before to 1
-- November, by the latest row of each in the deliveries of the two years, of persons of 18 years or more who can be
-- followed; of them, those whose person has a Grund at most sixty days from the start.
with intervju as (
    {{ i_fonster(ref('fct_asi_intervju'), ['intervju_id'], 2) }}
),

utredning as (
    {{ i_fonster(ref('_utredning_missbruk'), ['utredning_id'], 2) }}
),

ny as (
    select *
    from utredning
    where
        {{ galler_eget_missbruk('malgrupp_kod') }}
        and {{ kan_foljas('id_typ_kod') }}
        and varde_ar - fodelsear >= 18
        and utredning_start_datum >= cast(concat(varde_ar - 1, '-11-02') as date)
        and utredning_start_datum <= cast(concat(varde_ar, '-11-01') as date)
),

med_grund as (
    select distinct
        n.kommun_kod,
        n.varde_ar,
        n.stadsdel_kod,
        n.utredning_id
    from ny as n
    inner join intervju as i
        on
            {{ lika('n', 'i', ['kommun_kod', 'varde_ar', 'person_id']) }}
            and i.asi_typ_kod = 'grund'
            and {{ dagar_senare('n.utredning_start_datum', '-' ~ grund_dagar()) }} <= i.intervju_datum
            and {{ dagar_senare('n.utredning_start_datum', grund_dagar()) }} >= i.intervju_datum
),

provad as (
    select
        n.kommun_kod,
        n.varde_ar as ar,
        n.person_id,
        n.kon_kod,
        g.utredning_id is not null as har_grund
    from ny as n
    left join med_grund as g on {{ lika('n', 'g', ['kommun_kod', 'varde_ar', 'stadsdel_kod', 'utredning_id']) }}
)

{{ andelsrader('provad', 'har_grund', 'kon') }}
