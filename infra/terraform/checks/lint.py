"""Lints every rendered policy with parliament: actions, resources and conditions that do not exist or do not go
together, and `*` where something narrower exists.

    lint.py ACCEPTED RENDERED...

ACCEPTED has a line for each finding that is meant: address (`*` stands for anything), issue, reason.
"""
import fnmatch
import json
import pathlib
import re
import sys
import warnings

warnings.filterwarnings("ignore")  # parliament finds its own files in an outdated way

from parliament import analyze_policy_string  # noqa: E402

from rendered import Rendered  # noqa: E402

GITHUB = "token.actions.githubusercontent.com"


def accepted(path):
    """The findings that are meant."""
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    rows = [line.split(maxsplit=2) for line in lines if line.strip() and not line.startswith("#")]
    for row in rows:
        if len(row) < 3:
            raise SystemExit(f"{path}: each line needs an address, an issue and a reason: {row}")
    return [(address.replace("[", "[[]"), issue) for address, issue, _ in rows]


def findings(attribute, document):
    """What parliament has to say, as (issue, explanation)."""
    trust = attribute == "assume_role_policy"
    if trust:  # It has no resource; parliament wants one.
        document = {**document, "Statement": [{**s, "Resource": "*"} for s in document["Statement"]]}
    for finding in analyze_policy_string(json.dumps(document), ignore_private_auditors=True).findings:
        detail = str(finding.detail or "")
        of_trust = trust and finding.issue == "RESOURCE_STAR"
        # parliament does not know providers of OpenID Connect.
        of_github = trust and GITHUB in detail and finding.issue in ("UNKNOWN_FEDERATION_SOURCE", "UNKNOWN_CONDITION_FOR_ACTION")
        if not of_trust and not of_github:
            yield finding.issue, f"{detail} {finding.location}"


def main():
    """Lints each file named after the list of accepted findings."""
    meant = accepted(sys.argv[1])
    used, count, errors = set(), 0, set()
    for path in sys.argv[2:]:
        for address, attribute, document in Rendered(path).policies():
            count += 1
            for issue, explanation in findings(attribute, document):
                known = [row for row in meant if row[1] == issue and fnmatch.fnmatch(address, row[0])]
                used.update(known)
                if not known:
                    errors.add(f"{address} {attribute}: {issue} {explanation}")
    errors.update(f"{sys.argv[1]}: {re.sub(r'[[]([[])]', r'[', address)} {issue} is accepted but not found" for address, issue in set(meant) - used)
    for error in sorted(errors):
        print(f"error: {error}")
    print(f"{count} policies, {len(meant)} kinds of findings accepted, {len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
