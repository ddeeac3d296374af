-- MB02. Grain: municipality x year x kön. Utredningar of misuse that started from 2 November the year before to
-- 1 November, by the latest row of each in the deliveries of the two years, of persons of 18 years or more who can be
-- followed; of them, those whose person has a Grund at most sixty days from the start.
with utredning_fonster as (
    select
        u.*,
        u.ar + n.ar_efter as varde_ar,
        row_number() over (
            partition by u.kommun_kod, u.stadsdel_kod, u.utredning_id, u.ar + n.ar_efter
            order by u.ar desc
        ) as ordning
    from {{ ref('_utredning_missbruk') }} as u
    cross join (values (0), (1)) as n (ar_efter)
),

intervju_fonster as (
    select
        i.*,
        i.ar + n.ar_efter as varde_ar,
        row_number() over (
            partition by i.kommun_kod, i.stadsdel_kod, i.intervju_id, i.ar + n.ar_efter
            order by i.ar desc
        ) as ordning
    from {{ ref('fct_asi_intervju') }} as i
    cross join (values (0), (1)) as n (ar_efter)
),

grund as (
    select *
    from intervju_fonster
    where ordning = 1 and asi_typ_kod = 'grund'
),

utredning as (
    select
        u.kommun_kod,
        u.varde_ar as ar,
        u.person_id,
        u.kon_kod,
        exists (
            select 1
            from grund as g
            where
                {{ lika('u', 'g', ['kommun_kod', 'varde_ar', 'person_id']) }}
                and {{ dagar_senare('u.utredning_start_datum', '-' ~ grund_dagar()) }} <= g.intervju_datum
                and {{ dagar_senare('u.utredning_start_datum', grund_dagar()) }} >= g.intervju_datum
        ) as har_grund
    from utredning_fonster as u
    where
        u.ordning = 1
        and {{ galler_eget_missbruk('u.malgrupp_kod') }}
        and {{ kan_foljas('u.id_typ_kod') }}
        and u.varde_ar - u.fodelsear >= 18
        and u.utredning_start_datum >= cast(concat(u.varde_ar - 1, '-11-02') as date)
        and u.utredning_start_datum <= cast(concat(u.varde_ar, '-11-01') as date)
)

{{ andelsrader('utredning', 'har_grund', 'kon') }}
