"""Approved templates as Meta wants them: which one, in which language, with which components."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.channels.base import Recent
from bot.channels.template_values import checked
from services.domain.conversation import Template
from services.domain.errors import WindowClosed

# + this: the same template with a picture above and a button below, where the operator has made two.
WITH_CHART = "-chart"
SPARE_LANGUAGE = "en"  # tried once where a template is not there in the language set up
LAYOUT = frozenset({"132000", "132012"})  # other components than it was approved with


@dataclass(frozen=True, slots=True)
class Approved:
    """A template of the operator's. ``variables``: how many its body has, if they told us; ``rich``: picture and button."""

    name: str
    language: str
    variables: int | None = None
    rich: bool = True


class Templates:
    """The operator's templates by our names, and what sending has taught about them.

    Args:
        setting: {"brief": {"name": "daily_brief", "language": "en"}} or {"brief": "daily_brief"}; "variables" (a number) is checked before sending,
            and "chart": false says that it was approved without a picture and a button.
    """

    def __init__(self, setting: Mapping[str, object]) -> None:
        read = {ours: _approved(made) for ours, made in setting.items()}
        self._known = {ours: approved for ours, approved in read.items() if approved is not None}
        self._learnt: Recent[Approved] = Recent(100)

    def knows(self, template: Template | None) -> bool:
        """Whether the operator set one up for it."""
        return template is not None and self._name(template) in self._known

    def of(self, template: Template | None) -> Approved:
        """The approved template for ours.

        Raises:
            WindowClosed: there is none in META_TEMPLATES.
        """
        name = self._name(template) if template else ""
        if name not in self._known:
            told = template.name if template else ""
            # A matter of this person's window, not of the campaign: those inside theirs are told all the same.
            raise WindowClosed(
                f"meta: no template {told!r} is set up for this message (META_TEMPLATES)", code="unset"
            )
        return self._learnt.get(name) or self._known[name]

    def other(self, template: Template, refused: Approved, code: str) -> Approved | None:
        """Another way to send what was refused for its language or its layout; None if there is none left."""
        if code in LAYOUT and refused.rich and (template.header or template.press):
            return replace(refused, rich=False)
        if code not in LAYOUT and refused.language != SPARE_LANGUAGE:
            return replace(refused, language=SPARE_LANGUAGE)
        return None

    def learn(self, template: Template, approved: Approved) -> None:
        """That way went through: the next million messages go so at once."""
        self._learnt.put(self._name(template), approved)

    def _name(self, template: Template) -> str:
        rich = template.name + WITH_CHART
        return rich if template.header and template.press and rich in self._known else template.name


def _approved(made: object) -> Approved | None:
    """A template of the setting; None if it has no name."""
    if isinstance(made, str):
        made = {"name": made}
    if not isinstance(made, Mapping) or not made.get("name"):
        return None
    variables = made.get("variables")
    return Approved(
        str(made["name"]),
        str(made.get("language") or SPARE_LANGUAGE),
        variables if isinstance(variables, int) else None,
        made.get("chart") is not False,
    )


def content_of(approved: Approved, template: Template, header_id: str = "") -> dict[str, object]:
    """The JSON of a template message: values checked and flattened, the picture by its media id, the button's payload.

    Raises:
        TemplateRefused: there are more or fewer values than it has variables.
    """
    components: list[dict[str, object]] = []
    if header_id:
        components.append({"type": "header", "parameters": [{"type": "image", "image": {"id": header_id}}]})
    if values := checked(template.parameters, wants=approved.variables):
        components.append(
            {"type": "body", "parameters": [{"type": "text", "text": value} for value in values]}
        )
    if approved.rich and template.press:
        payload = [{"type": "payload", "payload": template.press}]
        components.append({"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": payload})
    content: dict[str, object] = {"name": approved.name, "language": {"code": approved.language}}
    return {"type": "template", "template": content | ({"components": components} if components else {})}
