"""Evaluates IAM policies as AWS documents it: an explicit deny wins, then an allow, else it is denied.

Only what the policies here use is known; anything else in a policy is an error, so that nothing is passed over.
"""
import re

KNOWN_KEYS = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


def as_list(value):
    """IAM takes one value where it takes a list of them."""
    return value if isinstance(value, list) else [value]


def matches(pattern, text):
    """`*` stands for any characters, `?` for one."""
    parts = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(parts, text, re.DOTALL) is not None


def arn_matches(pattern, text):
    """As `matches`, but no wildcard reaches beyond its part of an ARN."""
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    return len(patterns) == len(parts) and all(map(matches, patterns, parts))


OPERATORS = {
    "StringEquals": lambda wanted, given: wanted == given,
    "StringLike": matches,
    "Bool": lambda wanted, given: wanted.lower() == given.lower(),
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
}


def condition_holds(condition, context):
    """Every key of every operator has to fit; a key that the request does not carry fits nothing."""
    for operator, keys in condition.items():
        fits = OPERATORS[operator]
        for key, wanted in keys.items():
            given = context.get(key)
            if given is None or not any(fits(item, given) for item in as_list(wanted)):
                return False
    return True


def principal_fits(principal, caller):
    """`caller` is `{"Service": name}` or `{"AWS": arn}`; None where the policy is the caller's own."""
    if principal is None:
        return caller is None
    if caller is None:
        return False
    if principal == "*":
        return True
    return any(caller.get(kind) in as_list(names) for kind, names in principal.items())


def applies(statement, action, resource, context, caller):
    """Whether a statement speaks of this call."""
    unknown = set(statement) - KNOWN_KEYS
    if unknown:
        raise ValueError(f"this evaluator does not know {unknown}")
    return (
        principal_fits(statement.get("Principal"), caller)
        and any(matches(pattern.lower(), action.lower()) for pattern in as_list(statement["Action"]))
        and any(matches(pattern, resource) for pattern in as_list(statement.get("Resource", "*")))
        and condition_holds(statement.get("Condition", {}), context)
    )


def decide(own, of_resource, call):
    """Whether a call is allowed, by the caller's own policies and those of the resource (same account)."""
    action, resource, context, caller = call["action"], call["resource"], call["context"], call["caller"]
    effects = [
        statement["Effect"] for policy in own for statement in policy["Statement"]
        if applies(statement, action, resource, context, None)
    ] + [
        statement["Effect"] for policy in of_resource for statement in policy["Statement"]
        if applies(statement, action, resource, context, caller)
    ]
    return "Allow" in effects and "Deny" not in effects
