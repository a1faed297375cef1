"""Decision models that mean harm."""

from __future__ import annotations

from tests.engine.dmn.models import decision, literal, model, needs, table


def made(body: str) -> str:
    """A model's text."""
    return model(body).decode()


def models() -> list[str]:
    """All of them."""
    return documents() + decisions()


def documents() -> list[str]:
    """Files that attack whoever reads XML."""
    good = made(decision("d", literal("1 / 0")))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return [
        good,
        "",
        "not XML",
        "<a>",
        "<a/>",
        good[:-5],
        good.replace("MODEL/", "OTHER/"),
        f"<!DOCTYPE d [{laughs}]>{good}",
        f'<!DOCTYPE d SYSTEM "http://169.254.169.254/x">{good}',
        f'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>{good.replace("1 / 0", "&f;")}',
        f'<?xml-stylesheet href="http://127.0.0.1/"?>{good}',
        "<a>" * 100_000,
        "<a " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>",
        "\ufeff" + good.replace("1 / 0", "\x01"),
        good.replace("<definitions", "<definitions" * 2000),
    ]


def decisions() -> list[str]:
    """Models that attack whoever decides."""
    circle = decision("d", literal("e"), needs=needs(decisions=["e"]))
    nested = "<context><contextEntry>" * 3000 + literal("1") + "</contextEntry></context>" * 3000
    rules = [("-", str(n)) for n in range(5_000)]
    return [
        made(decision("d", nested)),
        made(decision("d", literal("1 +"))),
        made(decision("d", literal("(" * 9000))),
        made(decision("d", literal("for i in 1..1e9 return i"))),
        made(decision("d", literal("{f: function(a) f(a), r: f(1)}.r"))),
        made(decision("d", literal("some i in 1..50000, j in 1..50000 satisfies false"))),
        made(circle + decision("e", literal("d"), needs=needs(decisions=["d"]))),
        made(decision("d", literal("1"), needs=needs(decisions=["nowhere"]))),
        made(decision("d", literal("1"), needs=needs(decisions=["d"]))),
        made(decision("d", literal("1")) * 2),
        made(decision("d", literal("1"), type_ref="nothing")),
        made('<itemDefinition name="t"><typeRef>t</typeRef></itemDefinition>' + decision("d", literal("1"))),
        made(
            '<import name="o" namespace="http://elsewhere/" importType="x" locationURI="file:///etc/passwd"/>'
        ),
        made(decision("d", literal("f(1)"))),
        made(decision("d", table(["n"], ["o"], rules))),
        made(decision("d", table(["n"], ["o"], [("for", "1")]))),
        made(decision("d", table(["1..1e9"], ["o"], [("-", "1")]))),
        made(decision("d", table(["n"], ["o"], [("-", "1")], policy="RANDOM"))),
        made(
            decision("d", '<literalExpression expressionLanguage="python"><text>1</text></literalExpression>')
        ),
        made(decision("d", '<functionDefinition kind="Java"/>')),
        made(decision("d", literal('(function(a) external {java: {class: "java.lang.Runtime"}})(1)'))),
        made("<decision/>"),
        made("".join(decision(f"e{n}", literal("1")) for n in range(10)).replace('id="e5"', 'id="e6"')),
    ]
