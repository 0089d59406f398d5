{#-
    The dimensions of a context, in the order in which every relation shows them: `work`
    (labelling, people, issues), `assignment` (work, without what varies inside an assignment),
    `function` (services, executions) and `pipeline`.
-#}
{% macro dimension_names(context) -%}
    {%- do return({
        'work': [
            'user_id', 'org_id', 'project_id', 'account_id', 'dataset_id', 'task_id',
            'assignment_id', 'item_id', 'ontology_id',
        ],
        'assignment': [
            'org_id', 'project_id', 'account_id', 'dataset_id', 'task_id', 'assignment_id',
            'ontology_id',
        ],
        'dataset': ['org_id', 'project_id', 'account_id', 'dataset_id', 'ontology_id'],
        'service': [
            'user_id', 'org_id', 'project_id', 'account_id', 'service_id', 'pod_id',
            'pipeline_id', 'node_id', 'trigger_id', 'model_id',
        ],
        'function': [
            'user_id', 'org_id', 'project_id', 'account_id', 'service_id', 'pod_id',
            'pipeline_id', 'pipeline_execution_id', 'node_id', 'trigger_id', 'model_id',
        ],
        'pipeline': [
            'org_id', 'project_id', 'account_id', 'pipeline_id', 'pipeline_execution_id',
            'node_id', 'trigger_id',
        ],
        'model': ['project_id', 'dataset_id', 'model_id', 'snapshot_id'],
        'all': [
            'user_id', 'org_id', 'project_id', 'account_id', 'dataset_id', 'task_id',
            'assignment_id', 'item_id', 'service_id', 'pod_id', 'model_id', 'snapshot_id',
            'pipeline_id', 'trigger_id', 'pipeline_execution_id', 'node_id', 'ontology_id',
        ],
    }[context]) -%}
{%- endmacro %}
