"""What is typed to open an account."""

from typing import Any

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import Optional, ValidationError

from contest.accounts import contacts, rules, weak_passwords
from contest.accounts.forms.identity import IdentityForm
from contest.accounts.forms.passwords import MISSING, must_be_strong
from contest.accounts.rules import Asked
from contest.accounts.service import Agreed
from contest.core import vietnamese
from contest.core.forms import MustBeTicked


class RegisterForm(IdentityForm):
    """Identity, how to sign in, and consent; `password_is_kept` says that the last press left a password, and an empty field stands for it."""

    phone = StringField("Số điện thoại")
    email = StringField("Thư điện tử", [Optional()])
    password = PasswordField("Mật khẩu", description="Ít nhất 8 ký tự. Một câu ngắn dễ nhớ là tốt nhất.")
    consent = BooleanField(
        "Tôi đã đọc và đồng ý với nội dung trên", [MustBeTicked("Cần có sự đồng ý của bạn để tổ chức được cuộc thi.")]
    )
    guardian_consent = BooleanField("Người giám hộ đã đọc và đồng ý với nội dung trên")

    def __init__(self, asked: Asked, *args: Any, password_is_kept: bool = False, **kwargs: Any) -> None:
        super().__init__(asked, *args, **kwargs)
        self.password_is_kept = password_is_kept
        self.consent_words = rules.consent_text(asked).split("\n")
        if "birth_date" in self:
            self.guardian_words = rules.consent_text(asked, guardian=True).split("\n")
        else:
            del self["guardian_consent"]

    def validate_phone(self, field: StringField) -> None:
        wrong = contacts.phone_fault(field.data) if field.data else ""
        if wrong:
            raise ValidationError(wrong)

    def validate_email(self, field: StringField) -> None:
        if field.data and not contacts.email(field.data):
            raise ValidationError("Thư điện tử chưa đúng. Ví dụ: ten@example.vn.")

    def validate_password(self, field: PasswordField) -> None:
        if not field.data:
            if self.password_is_kept:
                return
            raise ValidationError(MISSING)
        must_be_strong(field.data, self.own_words())

    def validate(self, extra_validators: Any = None) -> bool:
        """As for identity; and one way to sign in, and the guardian's consent where the age asks for it."""
        right = super().validate(extra_validators)
        if not self.phone.data and not self.email.data:
            self.phone.errors = ["Bạn nhập số điện thoại, hoặc thư điện tử ở ô dưới."]
            right = False
        if self.needs_guardian and not self.guardian_consent.data:
            self.guardian_consent.errors = ["Cần có sự đồng ý của người giám hộ."]
            right = False
        return right

    def tidied_name(self) -> str:
        """The name as it is kept: typed for the first time, often in a hurry."""
        return vietnamese.person_name(self.full_name.data or "")

    @property
    def name_was_put_right(self) -> bool:
        """True when the name that is kept is spelt otherwise than it was typed."""
        return self.tidied_name() != vietnamese.squeeze(self.full_name.data or "")

    def own_words(self) -> frozenset[str]:
        """What was said of the person that may not be the password."""
        return weak_passwords.own_words(
            full_name=self.full_name.data or "", phone=self.kept_phone, email=self.kept_email, born=self.born
        )

    @property
    def kept_phone(self) -> str | None:
        """The phone as the tables keep it."""
        return contacts.phone(self.phone.data or "")

    @property
    def kept_email(self) -> str | None:
        """The e-mail as the tables keep it."""
        return contacts.email(self.email.data or "")

    def agreed(self) -> tuple[Agreed, ...]:
        """The consents given, with the words that stood beside the boxes."""
        own = Agreed(rules.CONSENT_TO_TAKE_PART, rules.consent_text(self.asked))
        if not self.needs_guardian:
            return (own,)
        return own, Agreed(rules.CONSENT_OF_GUARDIAN, rules.consent_text(self.asked, guardian=True), by_guardian=True)
