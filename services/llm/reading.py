"""What a language model must answer when it is asked to understand a message; checked before it is believed."""

from pydantic import BaseModel, ConfigDict, Field

from services.domain.intents import Intent, Understanding


class Reading(BaseModel):
    """What one chat message means. Leave a field empty where the message says nothing about it."""

    model_config = ConfigDict(extra="ignore")

    intent: Intent = Field(description="exactly one intent of the list")
    confidence: float = Field(default=0.5, ge=0, le=1, description="0 to 1")
    names: str = Field(default="", max_length=400, description="shares and funds as written, comma-separated")
    weights: str = Field(
        default="", max_length=200, description="percents in the order of the names, comma-separated"
    )
    scope: str = Field(default="", pattern="^(market|sector|personal|)$")
    sector: str = Field(default="", max_length=40)
    length: str = Field(default="", pattern="^(short|long|)$")
    screen: str = Field(default="", max_length=40)
    rule: str = Field(default="", max_length=200)
    setting: str = Field(default="", max_length=40)
    value: str = Field(default="", max_length=80)
    until: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2}|)$", description="an ISO date")
    amounts: str = Field(default="", max_length=120, description="amounts of money, comma-separated")

    def understanding(self) -> Understanding:
        """The same in our own words; empty fields are left out."""
        details = {
            name: value.strip()
            for name, value in self.model_dump(exclude={"intent", "confidence"}).items()
            if isinstance(value, str) and value.strip()
        }
        return Understanding(self.intent, details, self.confidence, "model")
