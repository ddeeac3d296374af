{#- Protection by the cell-key method (docs/adr/0007-cellnyckel.md): record keys, their sums, and the look-up. The
    parameters come from the contract of the indicator values: skydd('...'), rendered. -#}

{#- The record key 0-255 of a pseudonym: its lowest byte. The pseudonym is 64 bits of a keyed HMAC, so the key is uniform
    and known to nobody without the master key. -#}
{% macro postnyckel(id) -%}
    (({{ id }} % {{ skydd('antal_nycklar') }} + {{ skydd('antal_nycklar') }}) % {{ skydd('antal_nycklar') }})
{%- endmacro %}

{#- A key for what has no pseudonym behind it, of two hexadecimal digits of a hash of its name. -#}
{% macro postnyckel_av_namn(delar) -%}
    {%- set tecken = "'0123456789abcdef'" -%}
    {%- set hash = dbt.hash('concat(' ~ delar | join(', ') ~ ')') -%}
    (16 * position(substring({{ hash }}, 1, 1) in {{ tecken }}) + position(substring({{ hash }}, 2, 1) in {{ tecken }}) - 17)
{%- endmacro %}

{#- The sum of the record keys of a group's rows, or of those a condition holds for. Taken modulo 256 where it is used. -#}
{% macro nyckelsumma(nyckel, villkor=none) -%}
    {%- if villkor is none -%}
    cast(sum({{ nyckel }}) as bigint)
    {%- else -%}
    cast(sum(case when {{ villkor }} then {{ nyckel }} else 0 end) as bigint)
    {%- endif -%}
{%- endmacro %}

{#- How many months or days one record can have in the count: all of a year's in a year's sum of them, else one. -#}
{% macro enheter_per_post(slag, period) -%}
    case
        when {{ slag }} in ('personmanad', 'hushallsmanad') and length({{ period }}) = 4 then {{ skydd('manader_per_post') }}
        when {{ slag }} = 'vardygn' then {{ skydd('dygn_per_post') }}
        else 1
    end
{%- endmacro %}

{#- Whether a moved sum of months or days is worth less than ten records' year. Below that it gives itself away: of one
    record it is nothing or five times the truth, and from ten up three true sums or more fit every shown one. -#}
{% macro ar_liten_summa(antal, slag, period) -%}
    (
        {{ enheter_per_post(slag, period) }} > 1
        and {{ antal }} > 0
        and {{ antal }} < {{ skydd('minsta_poster_i_summa') }} * {{ enheter_per_post(slag, period) }}
    )
{%- endmacro %}

{#- The fewest records a count can be made of. -#}
{% macro minsta_antal_poster(antal, enheter) -%}
    cast(ceil(cast({{ antal }} as double) / {{ enheter }}) as bigint)
{%- endmacro %}

{#- The row of the p-table that holds for so many records with this sum of keys: the condition of a left join. -#}
{% macro slas_upp(tabell, poster, nyckel) -%}
    least({{ poster }}, {{ skydd('sista_klass') }}) = {{ tabell }}.antal_klass
    and {{ nyckel }} % {{ skydd('antal_nycklar') }} = {{ tabell }}.cellnyckel
{%- endmacro %}

{#- The protected count. With one month per record it is the count and its shift; a sum of months is moved by as many
    records' worth. What is public stands as it is. Without a shift there is no number: a lost key hides, never shows. -#}
{% macro skyddat_antal(antal, poster, storning, slag) -%}
    case
        when {{ slag }} in ('befolkning', 'leverans') then {{ antal }}
        when {{ antal }} = 0 then 0
        else cast(round(
            cast({{ antal }} as double) * ({{ poster }} + {{ storning }}) / {{ poster }}
        ) as decimal(18, 2))
    end
{%- endmacro %}

{#- A median as it is shown: to the nearest step, half of one upwards. -#}
{% macro avrundad_median(median) -%}
    floor({{ median }} / {{ skydd('avrundning_median') }} + 0.5e0) * {{ skydd('avrundning_median') }}
{%- endmacro %}

{#- Whether a shown count is so small that a sensitive indicator hides it, or is all or nearly all of a small group. That
    someone was followed up, or was not, says nothing sensitive. -#}
{% macro ar_kansligt_antal(antal, namnare, uppdelning_kod, matt, slag, period) -%}
    (
        {{ antal }} > 0
        and (
            {{ antal }} <= {{ skydd('hogsta_kansliga_antal') }}
            or (
                {{ matt }} = 'andel'
                and {{ namnare }} < {{ minsta_visade_namnare(matt, slag, period) }}
                and {{ namnare }} - {{ antal }} <= {{ skydd('hogsta_kansliga_antal') }} * {{ enheter_per_post(slag, period) }}
            )
        )
        and {{ uppdelning_kod }} <> 'uppfoljda'
        and {{ uppdelning_kod }} not like '%ej_uppfoljt'
    )
{%- endmacro %}

{#- Kronor as they are shown. -#}
{% macro hela_kronor(belopp) -%}
    cast(round(cast({{ belopp }} as double) / {{ skydd('avrundning_belopp_kr') }}) * {{ skydd('avrundning_belopp_kr') }} as decimal(18, 2))
{%- endmacro %}

{#- What a cell is: as its indicator, but that the share that was followed up is a share also beside a mean. -#}
{% macro cellens_matt(matt, uppdelning) -%}
    case when {{ matt }} = 'medel' and {{ uppdelning }} = 'uppfoljning' then 'andel' else {{ matt }} end
{%- endmacro %}

{#- The key of a record in the sum of a mean: its own times an odd number that says the change, so that the sum of keys
    is another than the denominator's, as uniform, and drawn anew when a change is corrected. -#}
{% macro medelsnyckel(id, forandring, storsta) -%}
    ({{ postnyckel(id) }} * (2 * ({{ forandring }} + {{ storsta }}) + 1))
{%- endmacro %}

{#- A mean as it is shown: of a sum moved by so many steps of the scale, to one decimal, half of one upwards. Divided
    once, of whole numbers, so that a half is a half. -#}
{% macro skyddat_medel(summa, antal, storning, skala) -%}
    floor(
        cast(20 * ({{ summa }} + {{ storning }} * {{ skala }}) + {{ antal }} as double) / (2 * {{ antal }})
    ) / 10.0e0
{%- endmacro %}

{#- Half the interval of a shown mean: its spread as a class of a sixth of the scale, upwards, and what the sum was
    moved by. Of shown numbers and the class alone. -#}
{% macro medel_halva(spridning, visat_antal, skala) -%}
    1.96e0 * sqrt(
        power(greatest(1.0e0, ceil(6 * coalesce({{ spridning }}, 0) / {{ skala }})) * {{ skala }} / 6.0e0, 2)
        / cast({{ visat_antal }} as double)
        + {{ skydd('varians') }} * power({{ skala }} / cast({{ visat_antal }} as double), 2)
    )
{%- endmacro %}

{#- The fewest of a shown denominator that a value is shown for. -#}
{% macro minsta_visade_namnare(matt, slag, period) -%}
    case
        when {{ matt }} = 'medel' then {{ skydd('minsta_namnare_medel') }}
        else {{ skydd('minsta_namnare') }} * {{ enheter_per_post(slag, period) }}
    end
{%- endmacro %}

{#- Whether a cell tells of so few events, or of one kommun's year, that it is hidden where a kommun is shown as three
    years together only. Nothing at all is few too. -#}
{% macro ar_fa_handelser(bara_pool, namnare_slag, taljare, namnare, geo_typ, antal_kommuner_med) -%}
    (
        {{ bara_pool }}
        and (
            case when {{ namnare_slag }} = 'befolkning' then {{ taljare }} else {{ namnare }} end
            <= {{ skydd('hogsta_kansliga_antal') }}
            or ({{ geo_typ }} <> 'kommun' and {{ antal_kommuner_med }} = 1)
        )
    )
{%- endmacro %}
