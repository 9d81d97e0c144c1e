"""Matches entries to the published lists, by division code and name together."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from address_model.heritage.catalogue import Listing

Row = dict[str, str]

CATEGORIES = {
    "千年古县": ("CN-QNGX", "中国地名文化遗产·千年古县", "national"),
    "浙江省千年古镇地名文化遗产": ("ZJ-QNGZ", "浙江省千年古镇地名文化遗产", "provincial"),
    "浙江省千年古村落地名文化遗产": ("ZJ-QNGCL", "浙江省千年古村落地名文化遗产", "provincial"),
    "千年古城复兴试点(省发改委)": ("ZJ-GCFX", "浙江省首批千年古城复兴试点", "provincial-other"),
    "中国传统村落": ("CN-CTCL", "中国传统村落", "national"),
    "中国历史文化名村": ("CN-LSMC", "中国历史文化名村", "national"),
    "浙江省历史文化名村": ("ZJ-LSMC", "浙江省历史文化名村", "provincial"),
    "宁波市历史文化名村": ("NB-LSMC", "宁波市历史文化名村", "municipal"),
}
"""Categories of ``heritage_zj_codes.csv``: code of the scheme, name of the list, level."""
_UNSAID = "浙江省千年古镇(古村落)地名文化遗产"
_BATCHES = {"首批": "1", **{f"第{zh}批": str(n) for n, zh in enumerate("一二三四五六", start=1)}}
_GAP = "(其余"


class Lists:
    """The published lists: members with and without a division code, and known gaps."""

    def __init__(self, members: list[Row], coded: list[Row]) -> None:
        self.members = [row for row in members if not row["item_name_as_listed"].startswith(_GAP)]
        self.coded = coded
        self.gap_rows = [row for row in members if row["item_name_as_listed"].startswith(_GAP)]

    def of_seed(self, row: Row) -> tuple[Listing, ...]:
        """The listings of a row of the main catalogue, completed from the other files."""
        found = []
        for item in json.loads(row["list_memberships"] or "[]"):
            batch = str(item.get("batch") or "")
            year = item.get("year")
            notes = [
                one["note"]
                for one in self.members
                if _scheme(one["list_code"]) == item["list"]
                and one["batch"] == batch
                and one["status"] == item["status"]
                and one["division_code"] == row["division_code"]
            ]
            listing = Listing(
                scheme_code=str(item["list"]),
                list_name=str(item["name"]),
                status=str(item["status"]),
                level=str(item["level"]),
                batch=batch,
                year=int(str(year)) if year else None,
                document=str(item["source"]),
                note=notes[0] if notes else "",
            )
            found.append(listing)
        # of the coded places the same one: its name ends with the row's, and the codes agree
        own, coded = row["division_code"].rstrip("0"), []
        is_small = row["heritage_class"] in ("street_lane", "bridge", "city_gate")
        for one in self.coded if not is_small else ():
            listed = one["code12_2023"].rstrip("0")
            fits = listed == own if one["match"] == "exact" else own.startswith(listed)
            if fits and one["name"].endswith(row["standard_name"]):
                coded.append(one)
        return _merged(found, coded)

    def of_listed(self, row: Row) -> tuple[Listing, ...]:
        """The listings of a place known from lists only."""
        members = [one for one in self.members if one["item_name_as_listed"] == row["listed_as"]]
        found = [
            Listing(
                scheme_code=_scheme(one["list_code"]),
                list_name=one["list_name"],
                status=one["status"],
                level=one["level"],
                batch=one["batch"],
                year=int(one["year"]) if one["year"] else None,
                document=one["source_url"],
                note=one["note"],
            )
            for one in members
        ]
        coded = [one for one in self.coded if one["name"] == row["coded_as"]]
        return _merged(found, coded)

    def gaps_of(self, scheme_code: str) -> tuple[str, ...]:
        """The known gaps of a list, in words."""
        found = []
        for row in self.gap_rows:
            if row["list_code"] == scheme_code:
                missing = row["item_name_as_listed"].strip("()")
                text = f"第{row['batch']}批({row['year']}): {missing}; {row['note']}"
                found.append(text.rstrip("; "))
        return tuple(found)

    def names(self) -> dict[str, tuple[str, str]]:
        """The (name, authority) of every list by scheme code."""
        found = {code: (name, "") for code, name, _ in CATEGORIES.values()}
        for row in self.members:
            found[_scheme(row["list_code"])] = (row["list_name"], row["authority"])
        return found


def _merged(found: list[Listing], coded: list[Row]) -> tuple[Listing, ...]:
    """Listings completed with the dates of coded rows, and with lists that only those name."""
    merged = list(found)
    for row in coded:
        for listing in _coded(row):
            same = [
                one
                for one in merged
                if one.scheme_code == listing.scheme_code
                and one.status not in ("shortlisted", "not_selected")
            ]
            if not same:
                merged.append(listing)
            elif listing.published and not same[0].published:
                first = same[0]
                document = listing.document if listing.document != first.document else ""
                note = "；".join(filter(None, (first.note, document)))
                dated = replace(first, published=listing.published, note=note)
                merged[merged.index(first)] = dated
    return tuple(sorted(merged, key=lambda one: (one.year or 9999, one.scheme_code)))


def _coded(row: Row) -> Iterator[Listing]:
    published = row["published"]
    is_day = len(published) == 10
    batch = row["batch"].split("(")[0]
    is_unsure = row["confidence"].startswith(("low", "medium"))
    status = "reported" if is_unsure else "recognized"
    doubt = "" if row["match"] == "exact" else f"区划代码: {row['match']}"
    for category in row["category"].split(";"):
        if category == _UNSAID:
            is_town = row["level"] == "town"
            category = f"浙江省千年古{'镇' if is_town else '村落'}地名文化遗产"  # noqa: PLW2901
        code, name, level = CATEGORIES[category]
        yield Listing(
            scheme_code=code,
            list_name=name,
            status="pilot" if code == "ZJ-GCFX" else status,
            level=level,
            batch=_BATCHES.get(batch, batch),
            year=int(published[:4]) if published else None,
            published=date.fromisoformat(published) if is_day else None,
            document=row["source"],
            note="；".join(filter(None, (doubt, row["confidence"]))),
        )


def _scheme(list_code: str) -> str:
    """The scheme code of a list; a shortlist (-SL) belongs to its scheme."""
    return list_code.removesuffix("-SL")
