"""What schemathesis has to know about this API: its scalars, and what an answer may be.

An answer may well say that a cursor is damaged or that two arguments exclude each other: what was asked was wrong, and
schemathesis can't know it. It must be said in time, with a code of the closed list, and never be a fault of the server.
"""

import re
from pathlib import Path

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

DOCS = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
CODES = set(re.findall(r"`([A-Z][A-Z_]+)`", DOCS.read_text(encoding="utf-8")))
FAULTS = {"INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED"}

REFS = ["component:default/storefront", "storefront", "group:shop", "resource:platform/cluster", "api:payment-api", "a"]
schemathesis.graphql.scalar("EntityRef", st.one_of(st.sampled_from(REFS), st.text(max_size=20)).map(nodes.String))
schemathesis.graphql.scalar("Revision", st.integers(min_value=0, max_value=2**53).map(nodes.Int))
schemathesis.graphql.scalar("URL", st.sampled_from(["https://example.com/a.yaml", "http://127.0.0.1:1/x"]).map(nodes.String))


@schemathesis.check
def answers_as_promised(ctx, response, case):
    assert response.status_code < 500, f"status {response.status_code}"
    answer = response.json()
    for error in answer.get("errors", []):
        extensions = error.get("extensions", {})
        code = extensions.get("code")
        assert code in CODES, f"the code {code} is not in the list: {error}"
        assert code not in FAULTS, f"a fault of the server: {error}"
        assert extensions.get("requestId"), f"no request id: {error}"
    if "errors" not in answer:
        assert answer.get("data") is not None, "neither data nor errors"
