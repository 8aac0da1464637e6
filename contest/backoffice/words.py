"""The Vietnamese words for acts and for what they were done to; the desk's record pages use them."""

_ACTIONS = {
    "account.accommodate": "Đặt hỗ trợ khi làm bài",
    "account.allow_attempts": "Cho thêm lượt thi",
    "account.create": "Tạo tài khoản",
    "account.disable": "Khóa tài khoản",
    "account.enable": "Mở khóa tài khoản",
    "account.end_sessions": "Đăng xuất mọi thiết bị",
    "account.give_code": "Cấp mã đặt lại mật khẩu",
    "account.recover": "Đặt mật khẩu mới bằng mã",
    "account.set_role": "Đổi vai trò",
    "account.view": "Xem hồ sơ",
    "account.withdraw_consent": "Ghi rút lại đồng ý",
    "attempt.annul": "Hủy lượt thi",
    "attempt.grant_time": "Thêm giờ",
    "attempt.note": "Ghi khiếu nại, quyết định",
    "attempt.restore": "Khôi phục lượt thi",
    "bank.import": "Nhập câu hỏi",
    "contest.create": "Lập cuộc thi",
    "contest.describe": "Sửa thông tin cuộc thi",
    "demo.load": "Nạp cuộc thi mẫu",
    "entry.disqualify": "Loại bài dự thi",
    "entry.restore": "Khôi phục bài dự thi",
    "entry.view": "Xem bài cùng tên tác giả",
    "export.attempts": "Tải danh sách lượt thi",
    "export.equals": "Tải danh sách người đồng hạng",
    "export.entrants": "Tải danh sách người dự thi",
    "export.questions": "Xuất câu hỏi",
    "export.report": "Tải báo cáo đợt thi",
    "job.requeue": "Chạy lại việc lỗi",
    "judging.add_judge": "Thêm giám khảo vào hội đồng",
    "judging.assign": "Phân công chấm",
    "judging.conflict": "Báo xung đột lợi ích",
    "judging.close": "Đóng vòng chấm",
    "judging.give": "Giao bài cho giám khảo",
    "judging.open": "Lập vòng chấm",
    "judging.remove_judge": "Đưa giám khảo ra khỏi hội đồng",
    "judging.reopen": "Mở lại vòng chấm",
    "prizes.set": "Đặt cơ cấu giải",
    "publication.publish": "Công bố kết quả",
    "quiz.change_key": "Đổi đáp án",
    "quiz.lot": "Bốc thăm",
    "quiz.regrade": "Chấm lại xong",
    "signal.judge": "Kết luận tín hiệu",
    "publication.revoke": "Thu hồi công bố",
    "question.add": "Viết câu hỏi",
    "question.edit": "Sửa câu hỏi",
    "question.restore": "Đưa câu hỏi vào dùng lại",
    "question.retire": "Cho câu hỏi thôi dùng",
    "quiz.prepare": "Chốt đề của đợt",
    "round.change_rules": "Điều chỉnh thể lệ",
    "round.close": "Đóng đợt",
    "round.close_gallery": "Đóng thư viện ảnh vì còn chấm",
    "round.create": "Lập đợt",
    "round.delete": "Xóa đợt",
    "round.edit": "Sửa đợt",
    "round.extend": "Gia hạn đợt",
    "round.open": "Mở đợt",
    "round.pause": "Tạm dừng đợt",
    "round.release_gallery": "Mở thư viện ảnh",
    "round.resume": "Cho đợt thi tiếp",
    "scorecard.reopen": "Mở lại phiếu chấm",
    "scorecard.sign": "Ký phiếu chấm",
}
_SUBJECTS = {
    "account": "Hồ sơ",
    "assignment": "Phân công",
    "attempt": "Lượt thi",
    "contest": "Cuộc thi",
    "entry": "Bài dự thi",
    "job": "Việc nền",
    "publication": "Công bố",
    "question": "Câu hỏi",
    "round": "Đợt",
    "signal": "Tín hiệu",
    "stage": "Vòng chấm",
}


def of_action(action: str) -> str:
    """What was done, in words; an act without words keeps its code."""
    return _ACTIONS.get(action, action)


def of_subject(subject: str) -> str:
    """On what, in words: "round:3" is "Đợt 3"."""
    kind, _, number = subject.partition(":")
    return f"{_SUBJECTS[kind]} {number}".strip() if kind in _SUBJECTS else subject
