"""The programme of measures, category rules and the work calendar."""
