"""Response models of snapshots: which registers there are to copy, and their digests."""

from pydantic import BaseModel, Field

from service.changes.events import Subject
from service.departments.snapshots.copied_register import ColumnType
from service.departments.snapshots.queries import RegisterDigests
from service.departments.snapshots.statements import CopyStatement


class ColumnOut(BaseModel):
    """A column of a register that you may see."""

    name: str = Field(description="Its name.", examples=["standard_text"])
    type: ColumnType = Field(
        description="Its type; a number is in degrees with seven decimals.", examples=["text"]
    )


class FollowedOut(BaseModel):
    """A kind of change that concerns a register."""

    subject: Subject = Field(description="The kind of record in /changes.", examples=["address"])
    column: str = Field(description="The column with the key of the change.", examples=["code"])


class RegisterOut(BaseModel):
    """A register that can be copied."""

    name: str = Field(description="Its name in the path.", examples=["addresses"])
    title: str = Field(description="Its name in Chinese.", examples=["标准地址"])
    key: str = Field(
        description="The column by which rows are ordered; `after` is a value of it.",
        examples=["code"],
    )
    follows: list[FollowedOut] = Field(
        description="The changes that concern it.",
        examples=[[{"subject": "address", "column": "code"}]],
    )
    columns: list[ColumnOut] = Field(
        description="The columns you may see, in order.",
        examples=[[{"name": "code", "type": "text"}]],
    )

    @classmethod
    def of(cls, statement: CopyStatement) -> "RegisterOut":
        """Show a register as somebody may copy it."""
        register = statement.register
        shown = [ColumnOut(name=one.name, type=one.type) for one in statement.columns]
        names = {one.name for one in shown}
        return cls(
            name=register.name,
            title=register.title,
            key=register.key,
            follows=[
                FollowedOut(subject=subject, column=column)
                for subject, column in register.follows.items()
                if column in names
            ],
            columns=shown,
        )


class RegisterList(BaseModel):
    """The registers that can be copied."""

    registers: list[RegisterOut] = Field(description="In the order to copy them.", examples=[[]])
    position: int = Field(description="The position of the feed now.", examples=[4711])


class BucketOut(BaseModel):
    """The digest of one bucket of rows."""

    bucket: str = Field(
        description="First three hexadecimal digits of the MD5 of the key.", examples=["3f2"]
    )
    rows: int = Field(description="How many rows it has.", examples=[24])
    digest: str = Field(
        description="The sum of the first 60 bits of the MD5 of each row, in decimal digits.",
        examples=["13835058055282163712"],
    )


class DigestList(BaseModel):
    """The digests of a register, by buckets that hold rows."""

    position: int = Field(description="The position they are true for.", examples=[4711])
    buckets: list[BucketOut] = Field(description="In order.", examples=[[]])

    @classmethod
    def of(cls, found: RegisterDigests) -> "DigestList":
        """Show digests."""
        buckets = [
            BucketOut(bucket=one.bucket, rows=one.rows, digest=one.digest) for one in found.buckets
        ]
        return cls(position=found.position, buckets=buckets)
