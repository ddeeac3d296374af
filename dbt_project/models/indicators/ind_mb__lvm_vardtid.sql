-- MB11. Grain: municipality x year x kön. Days in care under LVM of persons of 21 years or more who were discharged in
-- the year, and the number of discharges. The value is not their ratio but the median, of _lvm_vardtid.
with utskrivning as (
    select *
    from {{ ref('fct_lvm_utskrivning') }}
    where ar - fodelsear >= 21
)

{{ summarader('utskrivning', 'vardtid_dagar') }}
