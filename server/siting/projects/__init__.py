"""New housing projects and those under construction, with the charging that they have to build."""
