use super::working::LISTED_UNITS;
use super::*;

fn ask(code: &str, units: u32) -> PriceRequest<'static> {
    PriceRequest {
        code: code.to_owned(),
        date: Date::constant(2025, 3, 3),
        units,
        modifiers: Modifiers::default(),
        place_of_service: "11".to_owned(),
        payer: "medicare".to_owned(),
        basis: Basis { mppr: true, medicare_rates: true, assistant_reduction: true, ..Basis::default() },
        locality: None,
        zip: None,
        json: false,
    }
}

fn answer(request: &PriceRequest) -> String {
    let mut out = Vec::new();
    match price(request, &Reference::builtin(), &mut out) {
        Ok(()) => String::from_utf8(out).expect("text"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_working_of_two_units() {
    insta::assert_snapshot!(answer(&ask("97124", 2)), @"
    97124 on 2025-03-03, place of service 11 (non-facility)
    Medicare physician fee schedule RVU25D, national rates

                            RVU     GPCI
      work                 0.35    1.000
      practice expense     0.56    1.000
      malpractice          0.01    1.000

      0.35 + 0.56 + 0.01 = 0.92 RVU × 32.3465 = $29.76

      one unit              $29.76
        non-facility        $29.76
        facility            $29.76   the schedule marks this column NA
        reduced             $20.70   50 % of the practice expense, for every unit of the day but the highest
        by an assistant     $26.19   CQ or CO: 85 % of Medicare's share
        not taking part     $28.27   95 % of the schedule
        limiting charge     $32.51   115 % of that, the most without assignment

      each of 2                 net      gross
        unit 1               $29.76     $29.76
        unit 2               $20.70     $29.76

      net                   $50.46   medicare pays: with the multiple-procedure reduction for therapy
      gross                 $59.52   flat schedule
      net cash              $49.65   Medicare $40.37 less $0.81 of sequestration, patient $10.09

    An estimate of the allowed amount, before coinsurance, deductible and sequestration.
    ");
}

#[test]
fn the_working_in_a_locality_and_a_facility() {
    let mut request = ask("98940", 1);
    request.locality = Some("10112-00".to_owned());
    request.place_of_service = "22".to_owned();
    request.payer = "commercial".to_owned();
    request.basis = Basis { mppr: false, medicare_rates: false, ..Basis::default() };
    insta::assert_snapshot!(answer(&request), @r#"
    98940 on 2025-03-03, place of service 22 (facility)
    Medicare physician fee schedule RVU25D, locality 10112-00 ALABAMA, AL

                            RVU     GPCI
      work                 0.46    1.000
      practice expense     0.19    0.869
      malpractice          0.01    0.575

      0.46 × 1.000 + 0.19 × 0.869 + 0.01 × 0.575 = 0.63086 RVU × 32.3465 = $20.41

      one unit              $20.41
        non-facility        $24.90
        facility            $20.41

      net                   $20.41   commercial pays: no multiple-procedure reduction
      gross                 $20.41   flat schedule

    Medicare's rates stand in: no schedule of this payer's own is loaded.

    An estimate of the allowed amount, before coinsurance, deductible and sequestration.
    "#);
}

#[test]
fn a_zip_code_names_its_locality() {
    let mut request = ask("97124", 1);
    request.zip = Some("35004".to_owned());
    let by_zip = answer(&request);
    assert!(by_zip.contains("10112-00") && by_zip.contains("= $27.25"), "{by_zip}");
    request.locality = Some("13202-01".to_owned());
    assert!(answer(&request).contains("= $33.71"));
}

#[test]
fn the_answer_for_programs() {
    let mut request = ask("97124", 2);
    request.json = true;
    insta::assert_snapshot!(answer(&request), @r#"
    {
      "schema": "cleanclaim-price/1",
      "procedure_code": "97124",
      "service_date": "2025-03-03",
      "units": 2,
      "place_of_service": "11",
      "facility": false,
      "payer": "medicare",
      "modifiers": [],
      "release": "RVU25D",
      "contract": null,
      "locality": null,
      "status": "A",
      "fee": {
        "work_rvu": "0.35",
        "practice_rvu": "0.56",
        "malpractice_rvu": "0.01",
        "work_gpci": "1.000",
        "practice_gpci": "1.000",
        "malpractice_gpci": "1.000",
        "total_rvu": "0.92",
        "conversion_factor": "32.3465",
        "unit_cents": 2976,
        "reduced_unit_cents": 2070,
        "non_facility_unit_cents": 2976,
        "facility_unit_cents": 2976,
        "facility_not_applicable": true
      },
      "units_of_day": [
        {
          "net_cents": 2976,
          "gross_cents": 2976
        },
        {
          "net_cents": 2070,
          "gross_cents": 2976
        }
      ],
      "net_cents": 5046,
      "gross_cents": 5952,
      "medicare": {
        "assistant_unit_cents": 2619,
        "nonparticipating_unit_cents": 2827,
        "limiting_charge_unit_cents": 3251,
        "medicare_share_cents": 4037,
        "sequestration_cents": 81,
        "coinsurance_cents": 1009,
        "net_cash_cents": 4965
      }
    }
    "#);
    request.code = "97010".to_owned();
    assert!(answer(&request).contains("\"net_cents\": 0"));
    request.basis = Basis { mppr: false, medicare_rates: false, ..Basis::default() };
    assert!(answer(&request).contains("\"net_cents\": null"));
}

#[test]
fn what_cannot_be_priced_is_said_in_plain_words() {
    let with = |change: fn(&mut PriceRequest)| {
        let mut request = ask("97124", 1);
        change(&mut request);
        answer(&request)
    };
    let answers = [
        with(|request| request.date = Date::constant(2027, 1, 1)),
        with(|request| request.code = "9712".to_owned()),
        with(|request| request.code = "00100".to_owned()),
        with(|request| request.code = "97039".to_owned()),
        with(|request| request.place_of_service = "98".to_owned()),
        with(|request| request.locality = Some("Alabama".to_owned())),
        with(|request| request.zip = Some("00000".to_owned())),
    ];
    insta::assert_snapshot!(answers.join("\n"), @r#"
    no 2027 fee schedule is loaded
    `9712` is not a procedure code: five letters or digits, such as 97124
    00100 is not in the loaded fee schedule (RVU25D, a subset for therapy)
    97039 has no price in the fee schedule (RVU25D): the Medicare contractor sets it
    `98` is not a place of service that CMS lists, such as 11 for an office
    `Alabama` is not a locality of the loaded tables; write contractor and locality, such as 10112-00
    `00000` is not a ZIP code of the loaded tables
    "#);
    assert!(with(|request| request.code = "97010".to_owned()).contains("$0.00"));
}

#[test]
fn the_sum_of_the_units_is_the_total() {
    for units in 0..30 {
        let mut request = ask("g0283", units);
        request.json = true;
        let answer: serde_json::Value = serde_json::from_str(&answer(&request)).expect("JSON");
        let each = answer["units_of_day"].as_array().expect("units");
        assert_eq!(each.len(), units.min(LISTED_UNITS) as usize);
        if units <= LISTED_UNITS {
            let sum: i64 = each.iter().filter_map(|unit| unit["net_cents"].as_i64()).sum();
            assert_eq!(answer["net_cents"].as_i64(), Some(sum));
        }
    }
}

#[test]
fn modifiers_that_change_the_price() {
    let with = |code: &str, modifier: &str| {
        let modifiers = Modifiers::new(crate::claim::Modifier::new(modifier.as_bytes()));
        let answer = answer(&PriceRequest { modifiers, ..ask(code, 1) });
        let told = |line: &&str| {
            line.starts_with("  net  ") || line.contains("no price") || line.contains("With GY")
        };
        let line = answer.lines().find(told).unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let pays = "medicare pays: with the multiple-procedure reduction for therapy";
    assert_eq!(with("97124", "GP"), format!("net $29.76 {pays}"));
    assert_eq!(with("97124", "CQ"), format!("net $26.19 {pays}"));
    assert_eq!(with("97124", "50"), format!("net $29.76 {pays}"), "indicator 0");
    assert_eq!(
        with("29240", "50"),
        "net $42.69 medicare pays: the reduction does not touch this code",
        "indicator 1: 150 %"
    );
    assert_eq!(with("97124", "52"), "no price: with 52 the Medicare contractor sets it from the report");
    assert_eq!(with("97124", "GY"), "With GY the line is billed to be refused: $0.00");
}

#[test]
fn a_payer_with_a_schedule_of_its_own() {
    let rows = b"payer,procedure_code,amount,reduced_amount\ncommercial,97124,41.50,30.00\n";
    let contracts = crate::side::contract_fees("fees.csv", rows).expect("a schedule");
    let contract = contracts.get(contracts.number("commercial", b""));
    let request = PriceRequest {
        payer: "commercial".to_owned(),
        basis: Basis { mppr: true, contract, ..Basis::default() },
        ..ask("97124", 2)
    };
    insta::assert_snapshot!(answer(&request));
    let json = answer(&PriceRequest { json: true, ..request.clone() });
    assert!(json.contains("\"contract\": \"commercial\"") && json.contains("\"net_cents\": 7150"), "{json}");
    let absent = PriceRequest { code: "97140".to_owned(), ..request };
    assert_eq!(answer(&absent), "97140 has no price in commercial's own fee schedule on 2025-03-03");
}
