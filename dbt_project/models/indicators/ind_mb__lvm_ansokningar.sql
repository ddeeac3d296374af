-- MB09. Grain: municipality x year x kön, and by indication. Applications for care under LVM of persons of 21 years or
-- more, over the population of 21 years or more. One application can have several indications.
with ansokan as (
    select
        *,
        {{ aldersgrupp_vuxen('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('fct_lvm_ansokan') }}
    where ar - fodelsear >= 21
),

i_indikation as (
    select
        kommun_kod,
        ar,
        person_id,
        klass as lvm_indikation_kod
    from ({{ per_klass('ansokan', ['FYS_PSYK', 'LIV', 'SKADA']) }}) as k
    where
        case klass
            when 'FYS_PSYK' then indikation_fys_psyk
            when 'LIV' then indikation_liv
            when 'SKADA' then indikation_skada
        end = '1'
),

folkmangd as (
    {{ befolkningscell(aldersgrupp_vuxen('alder')) }}
)

{{ per_folkmangd('ansokan', delning='kon') }}
union all
{{ per_folkmangd('i_indikation', 'lvm_indikation', ['FYS_PSYK', 'LIV', 'SKADA']) }}
