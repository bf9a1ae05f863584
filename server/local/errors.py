"""What can stop the product from starting on this machine, in words for the person at the keyboard."""


class LocalError(Exception):
    """The product cannot start here; the message says what to do."""


class ProgramMissing(LocalError):
    """A server program is not installed and may not be installed from here."""


class AlreadyRunning(LocalError):
    """Another `make run` of this checkout holds the lock."""


class NotReady(LocalError):
    """A service did not answer in time; the message names its log."""
