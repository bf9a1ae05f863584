"""Tables in Excel: typed columns, cells with faults in two languages, reading and writing."""
