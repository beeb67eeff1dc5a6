"""Why a file was not read and what would be right, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from kaimen.ui.spreadsheets import limits
from kaimen.ui.spreadsheets.refusal import NotRead

REASONS = {
    "empty": (_("The file is empty."), _("Check that you saved the list, then choose the file again.")),
    "not-text": (
        _("This is not a spreadsheet."),
        _("Choose an .xlsx, .xls, .ods or .csv file."),
    ),
    "pdf": (
        _("This is a PDF, not a spreadsheet."),
        _("Choose the file the PDF was made from: .xlsx, .xls, .ods or .csv."),
    ),
    "picture": (
        _("This is a picture, not a spreadsheet."),
        _("Choose an .xlsx, .xls, .ods or .csv file."),
    ),
    "archive": (
        _("This is a packed folder, not a spreadsheet."),
        _("Unpack it and choose the spreadsheet inside."),
    ),
    "web-page": (
        _("This is a web page with the name of a spreadsheet; some systems export so."),
        _("Open it in Excel or WPS, save it as .xlsx, and choose that file."),
    ),
    "password": (
        _("The file is locked with a password."),
        _("Open it, save a copy without a password, and choose that copy."),
    ),
    "damaged": (
        _("The file is damaged."),
        _("Open it in Excel or WPS, save it under a new name, and choose the new file."),
    ),
    "bomb": (
        _("The file unpacks to far more than a list of people, and was not opened."),
        _("Copy the rows into a new spreadsheet, save it, and choose that file."),
    ),
    "too-long": (
        _("There are %(rows)s rows in the sheet “%(sheet)s”; at most %(most_rows)s are read at a time."),
        _("Split the list into several files."),
    ),
    "too-wide": (
        _("Row %(row)s reaches to column %(columns)s; at most %(most_columns)s are read."),
        _("Delete what stands far to the right, save, and choose the file again."),
    ),
}


def explain(refusal: NotRead) -> tuple[str, str]:
    """(what is wrong, what would be right)."""
    about = {"most_rows": f"{limits.ROWS:,}", "most_columns": limits.COLUMNS, **refusal.about}
    what, remedy = REASONS[refusal.reason]
    return str(what) % about, str(remedy) % about
