{#-
    The first answer to a question of Zooniverse as text. What stands in `value` depends on the kind of
    question: a text; a list of texts; of a survey choices, of drawings marks with the label of their
    tool, of a menu options with a label; of several questions at once a list of them.
-#}
{% macro first_answer(task) -%}
    {{ first_result(
        json_texts(task, [
            '$.value[0].choice', '$.value[0].tool_label', '$.value[0].label',
            '$.value[0].value[0].choice', '$.value[0].value[0].tool_label',
            '$.value[0].value[0].label', '$.value[0].value[0].value', '$.value[0].value[0]',
            '$.value[0].value', '$.value[0].tool', '$.value[0]', '$.value.choice', '$.value.label',
            '$.value.text', '$.value',
        ]),
        'answer', "case when answer <> '' and left(answer, 1) not in ('{', '[') then answer end"
    ) }}
{%- endmacro %}
