"""Checklists as XLSForm, the questionnaire in Excel that survey tools share; no library for Excel."""
