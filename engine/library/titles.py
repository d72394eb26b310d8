# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes up titles and artists for takes: the same seed text always gives the same ones, none real."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


QUALITIES = _words(
    """
    Amber Ancient Autumn Backlit Borrowed Brass Brittle Buoyant Cardamom Carbon Cedar Chalk Cinnamon Clockwork
    Cloudy Coastal Copper Coral Courteous Crooked Cursive Dappled Deckled Delicate Devoted Distant Drowsy Dusky
    Elastic Electric Elegant Ember Emerald Evening Faraway Feathered Felted Folded Forgotten Fragrant Frosted
    Gentle Gilded Ginger Granite Half-Lit Harvest Hazel Hidden Hollow Honeyed Humming Indigo Inland Inkblot
    Ivory Jasmine Juniper Kindly Lacquered Lantern-Lit Lavender Leaning Lemon Linen Liquid Lofty Lunar Magnetic
    Mahogany Marble Marigold Meandering Mellow Midnight Mineral Misty Moonlit Mossy Muslin Nimble Nocturnal
    Northbound Oblique Ochre Offshore Opal Orchard Origami Outbound Paisley Paper Parallel Patient Pearl
    Perfumed Pewter Plaid Pocket-Sized Polished Porcelain Powdered Quartz Quiet Quilted Radiant Rainy Restless
    Ribboned Rooftop Rosewood Saffron Salted Sandalwood Satin Scarlet Seaside Secondhand Sepia Silken Sleepless
    Slow Smoky Soft-Spoken Sparkling Starlit Stained-Glass Sugared Sunday Suspended Tangerine Tender Terracotta
    Thistledown Tidal Tinted Tilted Translucent Tropical Twilight Unhurried Upstairs Vanilla Varnished Velvet
    Vermilion Violet Wandering Waxed Weathered Weightless Westward Whispered Wicker Willow Winding Windowside
    Wintry Woollen Yonder Zinc
    """
)

THINGS = _words(
    """
    Almanac Antenna Aqueduct Arcade Archipelago Atlas Attic Avenue Awning Balcony Ballroom Barometer Bazaar
    Beacon Bicycle Biplane Bookshop Boulevard Breeze Cabinet Caravan Cardigan Carousel Cartography Causeway
    Chandelier Chess Chimney Cinema Cloakroom Compass Conservatory Constellation Corridor Courtyard Crescent
    Crosswind Curtain Daydream Decanter Departure Detour Dial Doorway Dovecote Driftwood Dusk Echo Elevator
    Embankment Encore Envelope Equinox Escalator Espresso Estuary Evergreen Fable Ferry Filament Fireplace
    Footbridge Fountain Foxglove Freeway Gallery Gardener Garland Gazebo Geometry Gondola Gramophone Greenhouse
    Hammock Handwriting Harbour Heirloom Hemisphere Horizon Hourglass Inkwell Interlude Interval Island
    Itinerary Kaleidoscope Keepsake Kettle Kite Lagoon Lamplight Latitude Lattice Letterbox Library Lighthouse
    Longitude Lullaby Mailbox Mantelpiece Marquee Matinee Meadow Meridian Metronome Mezzanine Mirage Monsoon
    Mosaic Nightfall Notebook Nocturne Observatory Octave Orbit Orchid Overcoat Overpass Parade Parasol Parcel
    Parlour Passport Pavilion Payphone Pendulum Periscope Piazza Pier Planetarium Platform Portico Postcard
    Promenade Propeller Quayside Rainfall Reservoir Reverie Riverbank Rotunda Sailcloth Satellite Saucer
    Semaphore Shoreline Signal Silhouette Skylight Snowfall Solstice Souvenir Staircase Stopover Suitcase
    Sundial Tapestry Teacup Telegram Telescope Terminus Terrace Thicket Timetable Topiary Tramline Transit
    Turntable Typewriter Umbrella Undertow Vacation Veranda Viaduct Vineyard Voyage Waterwheel Wavelength
    Weathervane Windmill Windowsill Workshop
    """
)

PEOPLE = _words(
    """
    Almanacs Archivists Astronomers Balloonists Beekeepers Bellringers Bookbinders Botanists Cartographers
    Chandlers Clockmakers Confectioners Couriers Dressmakers Ferrymen Florists Gardeners Glassblowers Gondoliers
    Housekeepers Innkeepers Inventors Kitemakers Lamplighters Lanterns Librarians Lighthouses Locksmiths
    Mapmakers Metronomes Milliners Mooncakes Navigators Nightjars Orchardists Paperboys Parasols Penpals
    Perfumers Photographers Pigeons Postcards Potters Printmakers Projectionists Quiltmakers Sandpipers
    Semaphores Signwriters Skylarks Sleepwalkers Stargazers Stenographers Stowaways Suitcases Sundials
    Switchboards Tailors Telegraphists Typesetters Umbrellas Understudies Upholsterers Weathervanes Whittlers
    Windowboxes Woodturners
    """
)

FIRST_NAMES = _words(
    """
    Ada Agnese Alma Ambrose Anselm Aurelio Beatrix Benedetta Bruna Casimir Celeste Clemente Cosima Delfina
    Dorotea Edmund Elvira Emeric Fausta Fiora Florian Gaspard Ginevra Hedda Ilario Imogen Isolde Jolanda Leandro
    Leopold Livia Lucio Ludovica Maren Marius Mirella Nerina Octavia Odile Orsola Ottilie Pellegrino Petra
    Quentin Raimund Rosalba Sabine Severin Silvana Tancredi Thea Ulisse Valdemar Viola Wilhelmina Zeno
    """
)

MATERIALS = _words(
    """
    Amber Brass Bronze Cedar Chalk Charcoal Copper Coral Cotton Glass Gold Honey Indigo Ink Ivory Lace Lavender
    Linen Marble Moonlight Pearl Pencil Porcelain Quartz Rosewood Saffron Satin Sepia Silk Silver Snow Sunlight
    Tangerine Terracotta Velvet Violet Watercolour Wool
    """
)

ENSEMBLES = ("Ensemble", "Society", "Orchestra", "Quartet", "Sextet", "Collective", "Club", "Assembly", "Trio", "Radio")


def made_up_title(seed_text: str) -> tuple[str, str]:
    """Return an invented title and artist, such as ``("Velvet Antenna", "The Paper Lanterns")``.

    Parameters
    ----------
    seed_text
        Whatever tells one take from another; the same text gives the same names on every machine and in every run.
    """
    draw = _Draw(seed_text)
    quality, thing, material = draw.from_(QUALITIES), draw.from_(THINGS), draw.from_(MATERIALS)
    title = draw.from_((f"{quality} {thing}", f"{quality} {thing}", f"The {quality} {thing}", f"{thing} in {material}"))
    artist = draw.from_(
        (
            f"The {draw.from_(QUALITIES)} {draw.from_(PEOPLE)}",
            f"{draw.from_(FIRST_NAMES)} & the {draw.from_(PEOPLE)}",
            f"{draw.from_(QUALITIES)} {draw.from_(THINGS)} {draw.from_(ENSEMBLES)}",
        )
    )
    return title, artist


class _Draw:
    """A draw makes choices from one large number, as Python's own ``random`` may change between versions."""

    def __init__(self, seed_text: str) -> None:
        digest = hashlib.sha256(seed_text.encode("utf-8", "surrogatepass")).digest()
        self._left = int.from_bytes(digest, "big")

    def from_(self, choices: Sequence[str]) -> str:
        self._left, i = divmod(self._left, len(choices))
        return choices[i]
