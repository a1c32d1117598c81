"""Dollars, New York's indices and its companies as a voice says them, in English and in Urdu."""

import pytest

from services.domain.us_book import us_book
from services.wording.spoken import speakable, spoken_sentences
from services.wording.spoken_names import spoken_names
from services.wording.spoken_urdu import spoken_urdu
from tests.fakes.us_rows import NOW, us_rows

NAMES = spoken_names(us_book(us_rows(), now=NOW))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$245.75", "two hundred and forty-five dollars and seventy-five cents"),
        ("$39.6 billion", "thirty-nine point six billion dollars"),
        ("−$5.00", "minus five dollars"),
        ("US$5", "five dollars"),
        ("$0.50", "fifty cents"),
        ("$1.01", "one dollar and one cent"),
        ("The S&P 500 fell 3.3%.", "The S and P five hundred fell three point three percent."),
        ("the Russell 2000", "the Russell two thousand"),
        ("the Nasdaq-100", "the Nasdaq one hundred"),
        ("the Dow Jones Industrial Average", "the Dow Jones Industrial Average"),
        ("AAPL and MSFT", "Apple and Microsoft Corporation"),
        ("BRK-B", "Berkshire Hathaway"),
        ("Amazon.com fell", "Amazon dot com fell"),
        ("XLE", "Energy Select Sector Spider Fund"),
        ("DOW", "Dow Inc."),
    ],
)
def test_english(text: str, said: str):
    assert speakable(text, NAMES) == said


def test_a_company_does_not_end_the_sentence():
    assert spoken_sentences("AAPL rose 1.5% and AMZN fell.", NAMES) == [
        "Apple rose one point five percent and Amazon dot com fell."
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$68.11 پر بند ہوا۔", "68.11 ڈالر پر بند ہوا۔"),
        ("مالیت $85.7 ارب۔", "مالیت 85.7 ارب ڈالر۔"),
        ("$1.2 million", "1.2 ملین ڈالر"),
        ("−$5.00", "منفی 5 ڈالر"),
        ("US$20", "20 ڈالر"),
        ("S&P 500 انڈیکس", "ایس اینڈ پی 500 انڈیکس"),
        ("Nasdaq Composite", "نیسڈیک کمپوزٹ"),
        ("Russell 2000", "رسل 2000"),
        ("Apple Inc. میں 1.5% اضافہ", "Apple Inc میں 1.5 فیصد اضافہ"),
        ("AAPL میں اضافہ", "Apple میں اضافہ"),
        ("Rs 500 پر", "500 روپے پر"),
    ],
)
def test_urdu(text: str, said: str):
    assert spoken_urdu(text, NAMES) == [said]
