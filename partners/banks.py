"""Banks: PortOne's name, the three-digit KFTC code, and how people write them (korea-rules 6.5)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TABLE = """
001 BANK_OF_KOREA 한국은행 한국
002 KDB 한국산업은행 산업 산업은행 KDB산업은행
003 IBK 중소기업은행 기업 기업은행 IBK기업은행
004 KOOKMIN 국민은행 국민 KB국민은행 KB
007 SUHYUP 수협은행 수협 Sh수협은행
008 KEXIM 한국수출입은행 수출입 수출입은행
011 NONGHYUP NH농협은행 농협 농협은행 농협중앙회
012 LOCAL_NONGHYUP 지역농축협 지역농협 단위농협 축협 농축협
020 WOORI 우리은행 우리
023 STANDARD_CHARTERED SC제일은행 SC제일 SC은행 제일은행 스탠다드차타드은행
027 CITI 한국씨티은행 씨티 씨티은행
030 SUHYUP_FEDERATION 수협중앙회 회원수협 단위수협
031 DAEGU 아이엠뱅크 아이엠 iM뱅크 대구은행 DGB대구은행
032 BUSAN 부산은행 부산 BNK부산은행
034 KWANGJU 광주은행 광주
035 JEJU 제주은행 제주
037 JEONBUK 전북은행 전북
039 KYONGNAM 경남은행 경남 BNK경남은행
045 KFCC 새마을금고 새마을 MG새마을금고 새마을금고중앙회
048 SHINHYUP 신협 신용협동조합 신협중앙회
050 SAVINGS_BANK 저축은행 저축 저축은행중앙회 상호저축은행
051 MISC_FOREIGN 기타외국계은행 기타외국계 중국농업은행
052 MORGAN_STANLEY 모간스탠리은행 모간스탠리
054 HSBC HSBC은행 HSBC 홍콩상하이은행
055 DEUTSCHE 도이치은행 도이치
057 JPMC 제이피모간체이스은행 JP모간 JP모간체이스
058 MIZUHO 미즈호은행 미즈호
059 MUFG 엠유에프지은행 MUFG
060 BANK_OF_AMERICA BOA은행 BOA 뱅크오브아메리카
061 BNP_PARIBAS 비엔피파리바은행 BNP파리바
062 ICBC 중국공상은행 중국공상
063 BANK_OF_CHINA 중국은행 중국
064 NFCF 산림조합중앙회 산림조합
065 UOB 대화은행 대화
066 BOCOM 교통은행 교통
067 CCB 중국건설은행 중국건설
071 POST 우체국 우체국예금보험
076 KODIT 신용보증기금 신보
077 KIBO 기술보증기금 기보
081 HANA 하나은행 하나 KEB하나은행
088 SHINHAN 신한은행 신한
089 K_BANK 케이뱅크 케이 K뱅크
090 KAKAO 카카오뱅크 카카오 카뱅
092 TOSS 토스뱅크 토스
094 SGI 서울보증보험 서울보증
101 KCIS 한국신용정보원 신용정보원
209 YUANTA_SECURITIES 유안타증권 유안타
218 KB_SECURITIES KB증권 현대증권
221 SANGSANGIN_SECURITIES 상상인증권 상상인 골든브릿지
222 HANYANG_SECURITIES 한양증권 한양
223 LEADING_SECURITIES 리딩투자증권 리딩
224 BNK_SECURITIES BNK투자증권 BNK증권
225 IBK_SECURITIES IBK투자증권 IBK증권
227 DAOL_SECURITIES 다올투자증권 다올 KTB투자증권
238 MIRAE_ASSET_SECURITIES 미래에셋증권 미래에셋 대우증권
240 SAMSUNG_SECURITIES 삼성증권
243 KOREA_SECURITIES 한국투자증권 한국투자
247 NH_SECURITIES NH투자증권 NH투자
261 KYOBO_SECURITIES 교보증권 교보
262 HI_SECURITIES 하이투자증권 하이투자 iM증권
263 HYUNDAI_MOTOR_SECURITIES 현대차증권 현대차 HMC투자증권
264 KIWOOM_SECURITIES 키움증권 키움
265 EBEST_SECURITIES LS증권 이베스트투자증권
266 SK_SECURITIES SK증권
267 DAISHIN_SECURITIES 대신증권 대신
269 HANHWA_SECURITIES 한화투자증권 한화
270 HANA_SECURITIES 하나증권 하나금융투자 하나대투
271 TOSS_SECURITIES 토스증권
278 SHINHAN_SECURITIES 신한투자증권 신한투자 신한금융투자
279 DB_SECURITIES DB금융투자 DB금융 DB증권 동부증권
280 EUGENE_SECURITIES 유진투자증권 유진
287 MERITZ_SECURITIES 메리츠증권 메리츠
288 KAKAO_PAY_SECURITIES 카카오페이증권 카카오페이
290 BOOKOOK_SECURITIES 부국증권 부국
291 SHINYOUNG_SECURITIES 신영증권 신영
292 CAPE_SECURITIES 케이프투자증권 케이프 LIG투자증권
293 KOREA_SECURITIES_FINANCE 한국증권금융 증권금융
294 KOREA_FOSS_SECURITIES 한국포스증권 포스증권 펀드온라인코리아
295 WOORI_INVESTMENT_BANK 우리종합금융 우리종금
"""
"""Code, id, Korean name, other names. Codes are text: leading zeros matter."""

REFUSED = frozenset(
    [
        "SUHYUP_FEDERATION",
        "ICBC",
        "BANK_OF_CHINA",
        "UOB",
        "BOCOM",
        "CCB",
        "KODIT",
        "KIBO",
        "SGI",
        "KCIS",
    ]
)
"""No partner account may be there (contract.md c, shared enums)."""

HOLD_NO_ACCOUNTS = frozenset({"BANK_OF_KOREA", "KEXIM"})
"""Nobody has an account to be paid into there, though the contract lets one register it."""


@dataclass(frozen=True)
class Bank:
    id: str
    code: str
    name: str
    other_names: tuple[str, ...]

    @property
    def accepts_partners(self) -> bool:
        return self.id not in REFUSED

    @property
    def is_payout_target(self) -> bool:
        return self.accepts_partners and self.id not in HOLD_NO_ACCOUNTS


def _banks() -> dict[str, Bank]:
    rows = (line.split() for line in TABLE.strip().splitlines())
    return {row[1]: Bank(row[1], row[0], row[2], tuple(row[3:])) for row in rows}


def _key(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


BANKS = _banks()
"""By id, in order of code."""

BY_NAME = {
    _key(name): bank
    for bank in BANKS.values()
    for name in (bank.id, bank.code, f"0{bank.code}", bank.name, *bank.other_names)
}


def find_bank(text: str) -> Bank | None:
    """A bank by id (KOOKMIN), code (004, 4, 0004) or Korean name (국민은행, KB국민), else None."""
    key = _key(text)
    if key.isdecimal():
        key = key.zfill(3)
    return BY_NAME.get(key) or BY_NAME.get(f"{key}은행") or BY_NAME.get(key.removesuffix("은행"))


def bank_name(bank_id: str) -> str:
    """The Korean name; an id we do not know stays as it is."""
    bank = BANKS.get(bank_id)
    return bank.name if bank else bank_id
