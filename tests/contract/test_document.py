"""docs/openapi.json: true to the code, complete, and its examples work."""

import json
from collections import Counter
from pathlib import Path

import pytest
from drf_spectacular.generators import EndpointEnumerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.validation import validate_schema

from core.api.examples import example_of
from core.api.operations import WireView
from core.api.schema import WireGenerator
from core.api.wire import decode

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def generator():
    return WireGenerator()


@pytest.fixture(scope="module")
def document(generator):
    return generator.get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def operations(document):
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }


def test_the_committed_document_is_what_the_code_says(document):
    rendered = OpenApiJsonRenderer().render(document, renderer_context={})
    assert FILE.read_bytes().strip() == rendered.strip(), "run `make docs`"


def test_the_document_is_valid_openapi(document):
    validate_schema(document)


def test_every_view_of_the_api_is_documented(document):
    undocumented = [
        (method, path)
        for path, _, method, callback in EndpointEnumerator().get_api_endpoints()
        if issubclass(callback.cls, WireView) and method.lower() not in document["paths"][path]
    ]
    assert undocumented == []


def test_each_operation_is_named_once_and_says_what_it_does(document, operations):
    names = Counter(
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name, operation in operations.items() if not operation.get("summary")] == []


def test_writes_take_an_idempotency_key_and_everything_an_environment(document):
    for path in document["paths"].values():
        for method, operation in path.items():
            references = {parameter.get("$ref") for parameter in operation["parameters"]}
            assert "#/components/parameters/Test" in references
            takes_key = "#/components/parameters/IdempotencyKey" in references
            assert takes_key is (method != "get"), operation["operationId"]


def test_every_refusal_has_a_type_and_a_status(document, operations):
    schemas, shared = document["components"]["schemas"], document["components"]["responses"]
    for name, operation in operations.items():
        statuses = set()
        for status, response in operation["responses"].items():
            if status == "200":
                continue
            found = shared[response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response
            mapping = found["content"]["application/json"]["schema"]["discriminator"]["mapping"]
            for kind, reference in mapping.items():
                schema = schemas[reference.rsplit("/", 1)[1]]
                assert schema["properties"]["type"]["enum"] == [kind]
                assert kind in found["description"]
            statuses.add(status)
        assert {"400", "401", "403", "429", "500"} <= statuses, name


def test_every_example_of_a_body_is_accepted(generator, document):
    shapes = generator.registry.shapes
    for _, _, method, callback in EndpointEnumerator().get_api_endpoints():
        spec = getattr(getattr(callback.cls, method.lower()), "operation", None)
        if spec is not None and spec.body is not None:
            example = example_of(shapes.of(spec.body), shapes.components)
            decode(json.dumps(example).encode(), spec.body)


def test_unions_are_told_apart_by_type(document):
    fee = document["components"]["schemas"]["Contract"]["properties"]["platformFee"]
    assert fee["discriminator"]["mapping"] == {
        "FIXED_AMOUNT": "#/components/schemas/FixedAmountFee",
        "FIXED_RATE": "#/components/schemas/FixedRateFee",
    }
    cycle = document["components"]["schemas"]["CycleMethod"]
    assert {"required": ["monthly"]} in cycle["oneOf"]
