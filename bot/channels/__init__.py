"""One file a channel: the provider's payload on one side, our Inbound and Outbound on the other."""
