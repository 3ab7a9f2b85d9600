"""What Terraform would set up, as `terraform test -json -verbose` renders it."""
import json
import pathlib


class Rendered:
    """The resources of one installation."""

    def __init__(self, path):
        state = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.resources = [r for r in state["root_module"]["resources"] if r["mode"] == "managed"]
        self.outputs = {name: output.get("value") for name, output in state.get("outputs", {}).items()}

    def of(self, kind):
        """All of one type, as (address, values)."""
        return [(r["address"], r["values"]) for r in self.resources if r["type"] == kind]

    def one(self, address):
        """The values of one resource."""
        return next(r["values"] for r in self.resources if r["address"] == address)

    def has(self, address):
        """Whether there is such a resource."""
        return any(r["address"] == address for r in self.resources)

    def policies(self):
        """Every policy there is, whatever attribute it is in, as (address, attribute, document)."""
        for resource in self.resources:
            for name, value in resource["values"].items():
                if isinstance(value, str) and '"Statement"' in value:
                    document = json.loads(value)
                    if "Statement" in document:  # Rules of a web ACL are a list.
                        yield resource["address"], name, document
