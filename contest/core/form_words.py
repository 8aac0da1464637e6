"""What the form library says when nothing else was said, in Vietnamese; every form and every row of a table speaks these words.

The keys are the library's own sentences; `tests/core/test_form_words.py` finds each of them in its source.
"""

WORDS = {
    "This field is required.": "Bạn điền ô này.",
    "Field must be equal to %(other_name)s.": "Ô này phải giống ô %(other_name)s.",
    "This field cannot be edited.": "Ô này không sửa được.",
    "This field is disabled and cannot have a value.": "Ô này đang khóa nên không nhận nội dung.",
    "Invalid input.": "Nội dung không đúng dạng.",
    "Not a valid choice.": "Lựa chọn này không có trong danh sách. Bạn chọn lại.",
    "Choices cannot be None.": "Danh sách lựa chọn đang trống.",
    "Invalid Choice: could not coerce.": "Lựa chọn này không có trong danh sách. Bạn chọn lại.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Có lựa chọn không có trong danh sách. Bạn chọn lại.",
    "Invalid value, must be one of: %(values)s.": "Chỉ nhận một trong các giá trị: %(values)s.",
    "Invalid value, can't be any of: %(values)s.": "Không nhận các giá trị: %(values)s.",
    "Not a valid integer value.": "Bạn ghi một số nguyên, ví dụ 20.",
    "Not a valid decimal value.": "Bạn ghi một số, ví dụ 20 hoặc 7,5.",
    "Not a valid float value.": "Bạn ghi một số, ví dụ 20 hoặc 7,5.",
    "Number must be at least %(min)s.": "Số này ít nhất là %(min)s.",
    "Number must be at most %(max)s.": "Số này nhiều nhất là %(max)s.",
    "Number must be between %(min)s and %(max)s.": "Số này từ %(min)s đến %(max)s.",
    "Field must be between %(min)d and %(max)d characters long.": "Ô này cần từ %(min)d đến %(max)d ký tự.",
    "Not a valid datetime value.": "Ngày giờ chưa đúng, ví dụ 30/4/2025 17:00.",
    "Not a valid date value.": "Ngày chưa đúng, ví dụ 30/4/2025.",
    "Not a valid time value.": "Giờ chưa đúng, ví dụ 17:00.",
    "Not a valid week value.": "Tuần chưa đúng.",
    "Date must be at least %(min)s.": "Ngày này sớm nhất là %(min)s.",
    "Date must be at most %(max)s.": "Ngày này muộn nhất là %(max)s.",
    "Date must be between %(min)s and %(max)s.": "Ngày này từ %(min)s đến %(max)s.",
    "Invalid email address.": "Địa chỉ thư điện tử chưa đúng, ví dụ ten@example.vn.",
    "Invalid URL.": "Địa chỉ trang chưa đúng, ví dụ https://example.vn.",
    "Invalid IP address.": "Địa chỉ mạng chưa đúng.",
    "Invalid Mac address.": "Địa chỉ thiết bị chưa đúng.",
    "Invalid UUID.": "Mã chưa đúng.",
    "Invalid field name '%s'.": "Không có ô “%s”.",
    "File does not have an approved extension.": "Tệp này không thuộc loại được nhận.",
    "File does not have an approved extension: {extensions}": "Tệp này không thuộc loại được nhận: {extensions}.",
    "Invalid CSRF Token.": "Trang đã mở quá lâu. Bạn gửi lại một lần nữa.",
    "CSRF token missing.": "Trang đã mở quá lâu. Bạn gửi lại một lần nữa.",
    "CSRF failed.": "Trang đã mở quá lâu. Bạn gửi lại một lần nữa.",
    "CSRF token expired.": "Trang đã mở quá lâu. Bạn gửi lại một lần nữa.",
}
# The plural form is the key: Vietnamese has one form for both.
COUNTED = {
    "Field must be at least %(min)d characters long.": "Ô này cần ít nhất %(min)d ký tự.",
    "Field cannot be longer than %(max)d characters.": "Ô này dài quá %(max)d ký tự.",
    "Field must be exactly %(max)d characters long.": "Ô này cần đúng %(max)d ký tự.",
    "'%(value)s' are not valid choices for this field.": "Không có lựa chọn “%(value)s”. Bạn chọn lại.",
}


class Vietnamese:
    """What a form's Meta returns as its translations: the library's sentences in Vietnamese, ours as they are."""

    def gettext(self, string: str) -> str:
        """The Vietnamese of one sentence."""
        return WORDS.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The Vietnamese of a sentence with a count."""
        return COUNTED.get(plural, singular if n == 1 else plural)


VIETNAMESE = Vietnamese()
