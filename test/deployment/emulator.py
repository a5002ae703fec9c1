"""Starts MiniStack with what it lacks for this stack, and with the quota of a new account."""

from ministack import app
from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

put_alarm = provisioners._cw_metric_alarm_record
add_cors_headers = apigateway._cors_response_headers
respond_to_preflight = apigateway._cors_preflight_response
pin_request_origin = app.pin_request_origin
function_handlers = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
create_function = function_handlers["create"]


def put_alarm_with_math(name, props):
    """Stores alarms with metric math, which MiniStack refuses. They have no data, and never fire."""
    metrics = props.get("Metrics")
    if not metrics:
        return put_alarm(name, props)
    stand_in = {**props, "Metrics": None, "MetricName": "Math", "Namespace": "Math"}
    return {**put_alarm(name, stand_in), "Metrics": metrics}


def in_camel_case(cors):
    """MiniStack stores the members of CorsConfiguration as CloudFormation names them, and reads them in camelCase."""
    return {name[:1].lower() + name[1:]: value for name, value in cors.items()}


def claim_tls(address, _):
    """The bucket of `cdk bootstrap` refuses requests without TLS. On the loopback there is none."""
    pin_request_origin(address, True)


def create_function_in_new_account(logical_id, props, stack_name):
    """A new account has no concurrency to reserve."""
    if props.get("ReservedConcurrentExecutions"):
        raise ValueError(
            "Specified ReservedConcurrentExecutions for function decreases account's "
            "UnreservedConcurrentExecution below its minimum value of [10]."
        )
    return create_function(logical_id, props, stack_name)


provisioners._cw_metric_alarm_record = put_alarm_with_math
apigateway._cors_response_headers = lambda cors, origin: add_cors_headers(in_camel_case(cors), origin)
apigateway._cors_preflight_response = lambda cors, origin: respond_to_preflight(in_camel_case(cors), origin)
app.pin_request_origin = claim_tls
function_handlers["create"] = create_function_in_new_account

app.main()
