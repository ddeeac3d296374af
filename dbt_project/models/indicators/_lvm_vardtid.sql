-- Grain: municipality x year x kön x days: how many discharges from care under LVM came after so many days. What the
-- median of MB11 is of.
with utskrivning as (
    select *
    from {{ ref('fct_lvm_utskrivning') }}
    where ar - fodelsear >= 21
)

{{ fordelningsrader('utskrivning', 'vardtid_dagar') }}
