"""Pictures and sound: the only room that speaks matplotlib and text-to-speech."""
