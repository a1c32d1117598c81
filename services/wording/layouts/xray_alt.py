"""The X-Ray's picture in words, for those who cannot see it."""

from services.domain.pictures import ExposurePicture
from services.wording.numbers import percent
from services.wording.sentences import say


def picture_alt(picture: ExposurePicture) -> str:
    """The three largest of each kind, and the findings."""
    sectors, positions = (
        ", ".join(f"{bar.label} {percent(bar.value)}" for bar in bars[:3]) or "—"
        for bars in (picture.sectors, picture.positions)
    )
    findings_said = "; ".join(finding.text for finding in picture.findings) or "—"
    return say(picture.lang, "xray.alt", sectors=sectors, positions=positions, findings=findings_said)
