"""What companies, people and things are called here, with every sign that queries stumble over."""

from __future__ import annotations

__all__ = [
    "ADJECTIVES",
    "CITIES",
    "FIRST_NAMES",
    "FORMS",
    "INDUSTRIES",
    "LAST_NAMES",
    "NOTES",
    "NOTORIOUS",
    "RATINGS",
    "STAGES",
    "SUBJECTS",
    "THINGS",
    "TRADES",
]

#: Names of the first companies: quotes, wildcards, backslashes, scripts, emoji, combining letters.
NOTORIOUS = (
    "Warner Apartment Building",
    "Akgün Yazılım A.Ş.",
    "O'Neil & Sons",
    "100% Cotton",
    "Alpha_Beta Testing",
    r"C:\Windows Cleaning",
    "Žilinská čokoládovňa s.r.o.",
    "İstanbul Işık Sanayi",
    "東京電機株式会社",
    "🚀 Rocket Freight",
    '"Quoted" Goods',
    "[Bracket] Works; DROP TABLE",
    "Müller, Söhne & Cie",
    "Cafe\u0301 Noir",
    "ALPHA_BETA TESTING",
    "Trailing Blank ",
)
ADJECTIVES = (
    "Amber",
    "Arctic",
    "Bright",
    "Central",
    "Delta",
    "First",
    "Golden",
    "Iron",
    "Nordic",
    "Rapid",
    "Silver",
    "Union",
)
TRADES = (
    "Bank",
    "Bakery",
    "Energy",
    "Foods",
    "Logistics",
    "Machines",
    "Media",
    "Paper",
    "Software",
    "Steel",
    "Textiles",
    "Travel",
)
FORMS = ("Ltd", "Inc.", "s.r.o.", "A.Ş.", "GmbH", "& Co.")

#: City, country, latitude, longitude.
CITIES = (
    ("Bratislava", "Slovakia", 48.1486, 17.1077),
    ("Žilina", "Slovakia", 49.2231, 18.7394),
    ("İstanbul", "Türkiye", 41.0082, 28.9784),
    ("İzmir", "Türkiye", 38.4237, 27.1428),
    ("Suffolk County", "USA", 42.3601, -71.0589),
    ("São Paulo", "Brasil", -23.5558, -46.6396),
    ("東京", "日本", 35.6762, 139.6503),
    ("Gent", "België", 51.0543, 3.7174),
    ("London", "United Kingdom", 51.5072, -0.1276),
    ("Berlin", "Deutschland", 52.52, 13.405),
)
INDUSTRIES = ("Banking", "IT", "Manufacturing", "Retail", "Transport", "Energy")
RATINGS = ("Active", "Acquired", "Market Failed", "Project Cancelled")
STAGES = ("Prospecting", "Qualification", "Proposal", "Closed Won", "Closed Lost")

FIRST_NAMES = (
    "John",
    "Ayşe",
    "Zuzana",
    "Ľubomír",
    "Ipek",
    "Maria",
    "José",
    "Anna",
    "太郎",
    "Seán",
    "Oğuz",
    "Eva",
)
LAST_NAMES = (
    "Adams",
    "Yılmaz",
    "Kováčová",
    "Šťastný",
    "O'Brien",
    "van den Berg",
    "da Silva",
    "Müller",
    "山田",
    "Demir",
    "Smith-Jones",
    "Novák",
)
THINGS = (
    "Bolt",
    "Bracket",
    "Cable",
    "Drill",
    "Engine",
    "Filter",
    "Gasket",
    "Hinge",
    "Lamp",
    "Motor",
    "Pump",
    "Valve",
)
SUBJECTS = (
    "Kick-off",
    "Phone call",
    "Site visit",
    "Price talks",
    "Complaint",
    "Follow-up: 50% off",
    "Yearly review",
    "Lunch ☕",
)
NOTES = (
    "fits_all",
    "see C:\\docs\\spec",
    "customer says 'no'",
    "10% more",
    "ďakujem",
    "teşekkürler",
    "了解です",
    "👍",
)
