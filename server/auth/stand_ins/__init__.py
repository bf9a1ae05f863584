"""Who acts for whom while a person is away: named for a period, revocable, ending by itself."""
