"""Who may do what: roles, permissions and the one table between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from tanghulu.core.errors import NotAllowed


class Role(StrEnum):
    """What a member is to the company. A member may have several."""

    WORKER = "worker"
    GUARDIAN = "guardian"
    TEAM_LEADER = "team_leader"
    SAFETY_OFFICER = "safety_officer"
    TEMPLATE_AUTHOR = "template_author"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What can be allowed, as `scope.resource.verb`, in alphabetical order. Add, never rename."""

    DIRECTORY_CERTIFICATE_WRITE = "directory.certificate.write"
    DIRECTORY_EQUIPMENT_READ = "directory.equipment.read"
    DIRECTORY_EQUIPMENT_WRITE = "directory.equipment.write"
    DIRECTORY_MEMBER_READ = "directory.member.read"
    DIRECTORY_MEMBER_WRITE = "directory.member.write"
    DIRECTORY_NAME_READ = "directory.name.read"
    DIRECTORY_PLACE_READ = "directory.place.read"
    DIRECTORY_PLACE_WRITE = "directory.place.write"
    DIRECTORY_SIGNIN_READ = "directory.signin.read"
    DIRECTORY_SIGNIN_WRITE = "directory.signin.write"
    DIRECTORY_TOKEN_ISSUE = "directory.token.issue"  # noqa: S105 - the name of a permission, not a secret
    DIRECTORY_UNIT_READ = "directory.unit.read"
    DIRECTORY_UNIT_WRITE = "directory.unit.write"
    EVIDENCE_DEVICE_ENROL = "evidence.device.enrol"
    EVIDENCE_DEVICE_READ = "evidence.device.read"
    EVIDENCE_DEVICE_REQUEST = "evidence.device.request"
    EVIDENCE_LOG_READ = "evidence.log.read"
    FLOWS_LIBRARY_PUBLISH = "flows.library.publish"
    FLOWS_TEMPLATE_READ = "flows.template.read"
    FLOWS_TEMPLATE_WRITE = "flows.template.write"
    JOBS_COMMENT_ERASE = "jobs.comment.erase"
    JOBS_PACK_EXPORT = "jobs.pack.export"
    JOBS_RUN_ACT = "jobs.run.act"
    JOBS_RUN_COMMENT = "jobs.run.comment"
    JOBS_RUN_OPEN = "jobs.run.open"
    JOBS_RUN_READ = "jobs.run.read"
    JOBS_RUN_REVIEW = "jobs.run.review"
    SERVER_STATUS_READ = "server.status.read"


_P = Permission

# What everybody who belongs to a company needs: to know the people and things around a job, and to watch over it.
_MEMBER = frozenset(
    {
        _P.DIRECTORY_EQUIPMENT_READ,
        _P.DIRECTORY_NAME_READ,
        _P.DIRECTORY_PLACE_READ,
        _P.EVIDENCE_DEVICE_REQUEST,
        _P.FLOWS_TEMPLATE_READ,
        _P.JOBS_RUN_COMMENT,
        _P.JOBS_RUN_READ,
    }
)
_AT_WORK = _MEMBER | {_P.JOBS_RUN_ACT, _P.JOBS_RUN_OPEN}
_OFFICE = _MEMBER | {_P.DIRECTORY_MEMBER_READ, _P.DIRECTORY_UNIT_READ, _P.EVIDENCE_DEVICE_READ}

ROLE_PERMISSIONS: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.WORKER: _AT_WORK,
        Role.GUARDIAN: _AT_WORK,
        Role.TEAM_LEADER: _AT_WORK | _OFFICE | {_P.JOBS_PACK_EXPORT, _P.JOBS_RUN_REVIEW},
        Role.SAFETY_OFFICER: _AT_WORK
        | _OFFICE
        | {
            _P.DIRECTORY_CERTIFICATE_WRITE,
            _P.DIRECTORY_EQUIPMENT_WRITE,
            _P.DIRECTORY_PLACE_WRITE,
            _P.EVIDENCE_DEVICE_ENROL,
            _P.EVIDENCE_LOG_READ,
            _P.JOBS_COMMENT_ERASE,
            _P.JOBS_PACK_EXPORT,
            _P.JOBS_RUN_REVIEW,
        },
        Role.TEMPLATE_AUTHOR: _OFFICE | {_P.FLOWS_LIBRARY_PUBLISH, _P.FLOWS_TEMPLATE_WRITE},
        Role.MANAGER: _OFFICE | {_P.JOBS_PACK_EXPORT},
        Role.AUDITOR: (_OFFICE - {_P.EVIDENCE_DEVICE_REQUEST, _P.JOBS_RUN_COMMENT})
        | {_P.EVIDENCE_LOG_READ, _P.JOBS_PACK_EXPORT},
        Role.ADMINISTRATOR: _OFFICE
        | {
            _P.DIRECTORY_CERTIFICATE_WRITE,
            _P.DIRECTORY_EQUIPMENT_WRITE,
            _P.DIRECTORY_MEMBER_WRITE,
            _P.DIRECTORY_PLACE_WRITE,
            _P.DIRECTORY_SIGNIN_READ,
            _P.DIRECTORY_SIGNIN_WRITE,
            _P.DIRECTORY_TOKEN_ISSUE,
            _P.DIRECTORY_UNIT_WRITE,
            _P.EVIDENCE_DEVICE_ENROL,
            _P.FLOWS_LIBRARY_PUBLISH,
            _P.SERVER_STATUS_READ,
            _P.JOBS_COMMENT_ERASE,
        },
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks for something, in one tenant.

    `tenant` is the slug, `member` the ref by which the evidence log knows the person; it is empty for the operator.
    """

    tenant: str
    member: str
    roles: frozenset[Role] = frozenset()
    is_operator: bool = False

    @classmethod
    def operator(cls, tenant: str) -> Self:
        """The owner of the machine, at the command line or in the worker. May do everything in this tenant."""
        return cls(tenant=tenant, member="", is_operator=True)

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that the roles allow together."""
        if self.is_operator:
            return frozenset(Permission)
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Say whether one of the roles allows it."""
        return self.is_operator or any(permission in ROLE_PERMISSIONS[role] for role in self.roles)

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed `permission_missing` unless one of the roles allows it."""
        if not self.may(permission):
            raise NotAllowed("permission_missing", permission=permission.value)


def roles_that_may(permission: Permission) -> frozenset[Role]:
    """The roles of which each allows it."""
    return frozenset(role for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed)


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """All permissions that these roles give together."""
    return frozenset(permission for role in roles for permission in ROLE_PERMISSIONS[role])
