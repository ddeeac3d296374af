{#- Rows of one thing held together in time (docs/reference/barn_och_unga.md, section 6): in order of their start, as long
    as the next begins at most episod_glapp_dagar days after what came before has ended (one that has no end holds all
    after it). -#}

{#- How many days may lie between. -#}
{% macro episod_glapp_dagar() -%}
    1
{%- endmacro %}

{#- A select of `rader` (a name in a with), every row with forsta_start_datum, the start of what it
    belongs to. `del` says what is one thing, `ordning` how rows of the same day are taken. -#}
{% macro halls_ihop(rader, del, start, slut, ordning) -%}
    {%- set ordnade = 'partition by ' ~ del | join(', ') ~ ' order by ' ~ ([start] + ordning) | join(', ') -%}
    select
        *,
        min({{ start }}) over (partition by {{ del | join(', ') }}, omgang) as forsta_start_datum
    from (
        select
            *,
            sum(case
                when slut_hittills is null then 1
                when {{ start }} > {{ dagar_senare('slut_hittills', episod_glapp_dagar() | int + 1) }} then 1
                else 0
            end) over ({{ ordnade }} rows between unbounded preceding and current row) as omgang
        from (
            select
                *,
                max(coalesce({{ slut }}, cast('9000-01-01' as date))) over (
                    {{ ordnade }} rows between unbounded preceding and 1 preceding
                ) as slut_hittills
            from {{ rader }} as r
        ) as s
    ) as o
{%- endmacro %}

{#- Which kind of care goes first among rows that begin on the same day. -#}
{% macro insatstyp_ordning(kolumn) -%}
    case {{ kolumn }} when 'LVU_6' then 1 when 'LVU_VARD' then 2 else 3 end
{%- endmacro %}
