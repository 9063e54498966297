"""What the command line says of a certificate that cannot be served, in both languages: it has no reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tanghulu.core.errors import Refusal


class Both(NamedTuple):
    """One sentence in Chinese and in English."""

    chinese: str
    english: str


WORDS: Mapping[str, Both] = {
    "tls_address_not_here": Both(
        "这台机器现在没有 {host} 这个地址（现在是 {address}）。请在路由器里把 {host} 固定给它；"
        "若要换地址，删除数据目录里的 authority 文件夹再启动，每部手机都要重新信任并接入一次。",
        "This machine does not have the address {host} now (it has {address}). Reserve {host} for it in the router. "
        "Or, to move: delete the folder authority in the data directory and start again; every phone is then brought "
        "in anew.",
    ),
    "tls_authority_ended": Both(
        "证书机构已于 {ended} 到期。删除数据目录里的 authority 文件夹再启动，每部手机重新信任一次。",
        "The certificate authority ended on {ended}. Delete the folder authority in the data directory and start "
        "again; every phone then trusts the new one.",
    ),
    "tls_authority_of_another_host": Both(
        "现有的证书机构只为 {host} 服务，不为 {wanted}。若要改用 {wanted}，删除数据目录里的 authority 文件夹再启动，"
        "每部手机都要重新信任并接入一次。",
        "The certificate authority speaks for {host} only, not for {wanted}. To serve {wanted}: delete the folder "
        "authority in the data directory and start again; every phone is then brought in anew.",
    ),
    "tls_certificate_unreadable": Both(
        "证书文件不是 PEM 格式的证书。",
        "The certificate file is not a certificate in PEM form.",
    ),
    "tls_expired": Both("证书已于 {ended} 到期。", "The certificate ended at {ended}."),
    "tls_file_unreadable": Both("读不了文件 {file}：{reason}。", "The file {file} cannot be read: {reason}."),
    "tls_host_malformed": Both(
        "{host} 不是主机名，也不是 IP 地址。不要带 https:// 和端口。",
        "{host} is neither a host name nor an IP address. Leave out https:// and the port.",
    ),
    "tls_host_not_covered": Both(
        "证书不包含 {host}，它包含的是：{covered}。",
        "The certificate does not cover {host}; it covers: {covered}.",
    ),
    "tls_host_unknown": Both(
        "这台机器没有连上网络。连上以后再启动，或用 --name 指定手机打开的名字。",
        "This machine is in no network. Connect it and start again, or name the host with --name.",
    ),
    "tls_key_differs": Both("私钥与证书不是一对。", "The key does not belong to the certificate."),
    "tls_key_encrypted": Both(
        "私钥文件有密码。请先去掉密码：openssl pkey -in 旧文件 -out 新文件，并把新文件权限设为 600。",
        "The key file is encrypted. Take the password off first: openssl pkey -in OLD -out NEW, and give NEW mode 600.",
    ),
    "tls_key_unreadable": Both("私钥文件不是 PEM 格式的私钥。", "The key file is not a private key in PEM form."),
    "tls_name_needed": Both(
        "证书里没有单独的主机名（它包含的是：{covered}）。请用 --name 指定手机打开的名字。",
        "The certificate names no single host (it covers: {covered}). Say with --name which one phones open.",
    ),
    "tls_not_yet_valid": Both(
        "证书要到 {begins} 才生效。请检查这台机器的时间。",
        "The certificate begins at {begins}. Check the clock of this machine.",
    ),
    "tls_pair_incomplete": Both("--cert 和 --key 要一起给。", "--cert and --key go together."),
}


def told(refusal: Refusal) -> str:
    """The refusal's code, and its sentence in both languages."""
    lines = [f"tanghulu: refused / 拒绝: {refusal.code}"]
    lines += [f"  {text.format_map(refusal.params)}" for text in WORDS.get(refusal.code, ())]
    return "\n".join(lines)
