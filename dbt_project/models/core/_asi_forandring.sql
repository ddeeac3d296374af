-- Grain: one area of one Grund and year of a value (as _asi_foljd): the ratings at Grund and at its Uppföljning, empty
-- where there was none. The change is the second less the first, where both are. Whether it is reliable (RCI, of the
-- client's own worry) is known only where a confirmed norm gives the spread and the reliability.
with matt as (
    select
        g.kommun_kod,
        g.ar,
        g.stadsdel_kod,
        g.intervju_id,
        g.person_id,
        o.omrade_kod,
        f.klient_oro as oro_grund,
        s.klient_oro as oro_uppfoljning,
        f.klient_hjalp as hjalp_grund,
        s.klient_hjalp as hjalp_uppfoljning,
        f.intervjuare as intervjuare_grund,
        s.intervjuare as intervjuare_uppfoljning
    from {{ ref('_asi_foljd') }} as g
    cross join {{ ref('asi_omrade') }} as o
    left join {{ ref('fct_asi_omrade') }} as f
        on
            g.kommun_kod = f.kommun_kod
            and g.stadsdel_kod = f.stadsdel_kod
            and g.intervju_id = f.intervju_id
            and {{ ar_for('g.grund_datum') }} = f.ar
            and o.omrade_kod = f.omrade_kod
    left join {{ ref('fct_asi_omrade') }} as s
        on
            g.kommun_kod = s.kommun_kod
            and g.uppfoljning_stadsdel_kod = s.stadsdel_kod
            and g.uppfoljning_id = s.intervju_id
            and {{ ar_for('g.uppfoljning_datum') }} = s.ar
            and o.omrade_kod = s.omrade_kod
),

rci as (
    select
        m.*,
        (m.oro_uppfoljning - m.oro_grund) / (n.sd * sqrt(2.0) * sqrt(1.0 - n.r)) as rci_varde
    from matt as m
    left join {{ ref('asi_norm') }} as n
        on m.omrade_kod = n.omrade_kod and n.matt_kod = 'klient_oro' and n.ar_bekraftad
)

select
    kommun_kod,
    ar,
    stadsdel_kod,
    intervju_id,
    person_id,
    omrade_kod,
    oro_grund,
    oro_uppfoljning,
    hjalp_grund,
    hjalp_uppfoljning,
    intervjuare_grund,
    intervjuare_uppfoljning,
    case
        when rci_varde <= -1.96 then 'forbattrad'
        when rci_varde >= 1.96 then 'forsamrad'
        when rci_varde is not null then 'osaker'
    end as rci_klass
from rci
