"""Heat: how many cases stand where and when, exact at any moment; places nobody visited are told apart."""
